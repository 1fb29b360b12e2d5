import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lines } from './feed-lines.ts';

/** Where the files of a load are, and the connector that finds them there. */
export interface LoadPlace {
  /** Lines of the feed that lead there and put delivered files away. */
  readonly feed: Lines;
  /** Of the daemon's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Brings a file in that is on this disk, complete. */
  drop(name: string, staged: string): Promise<void>;
  /** Names of the files that are not put away yet. */
  waiting(): Promise<string[]>;
  /** Names of those that are, sorted. */
  finished(): Promise<string[]>;
}

/** A drop folder on this disk, and a folder beside it for what is done. */
export class FolderPlace implements LoadPlace {
  readonly env = {};
  readonly feed = {
    'connector.class': 'directory',
    'input.path': './drop',
    'finished.path': './done',
    // The files are renamed into the folder, so none of them is being written.
    'settle.ms': 0,
  };
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async make(path: string): Promise<FolderPlace> {
    await mkdir(join(path, 'drop'));
    return new FolderPlace(path);
  }

  async drop(name: string, staged: string): Promise<void> {
    await rename(staged, join(this.#path, 'drop', name));
  }

  async waiting(): Promise<string[]> {
    return await readdir(join(this.#path, 'drop'));
  }

  async finished(): Promise<string[]> {
    return (await readdir(join(this.#path, 'done')).catch(() => [])).sort();
  }
}
