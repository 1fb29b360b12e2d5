import { basename, join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { watch } from 'chokidar';
import type { PluginLog } from '../../src/plugin/index.ts';
import { messageOf } from '../../src/plugin/index.ts';

/** Folders by their absolute paths, each with what tells it from another that is put in its place. */
export type FolderIdentities = ReadonlyMap<string, string>;

/**
 * Calls when something happens in a folder. Only a help: what it misses, the next scan finds.
 *
 * Each folder has a watcher of its own that takes no interest in anything in the folder. A watcher that does looks at
 * every file of the folder whenever one of them goes, so that taking away n files costs n² looks.
 */
export class FolderWatch {
  readonly #onChange: (path: string | null) => void;
  readonly #log: PluginLog;
  readonly #watched = new Map<string, { readonly identity: string; readonly watcher: FSWatcher }>();
  /** Folders that were moved or deleted: what watches them watches nothing, or another place. */
  readonly #gone = new Set<string>();
  #hasComplained = false;

  /** @param onChange told of the path of what has changed, or null where the system does not tell */
  constructor(onChange: (path: string | null) => void, log: PluginLog) {
    this.#onChange = onChange;
    this.#log = log;
  }

  /** Watches these folders from now on, and no others. */
  async follow(folders: FolderIdentities): Promise<void> {
    const over = [...this.#watched].filter(
      ([folder, { identity }]) => this.#gone.has(folder) || folders.get(folder) !== identity,
    );
    for (const [folder] of over) this.#watched.delete(folder);
    this.#gone.clear();
    await Promise.all(over.map(([, { watcher }]) => watcher.close()));
    for (const [folder, identity] of folders) if (!this.#watched.has(folder)) this.#begin(folder, identity);
  }

  async close(): Promise<void> {
    await this.follow(new Map());
  }

  #begin(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, {
        ignoreInitial: true,
        followSymlinks: false,
        atomic: false,
        depth: 0,
        ignored: (path) => path !== folder,
      });
      this.#watched.set(folder, { identity, watcher });
      watcher.on('raw', (_event, name, detail) => {
        // A folder that is gone before it is watched is waited for by watching the one above it, at that one's cost.
        const isAbove = (detail as { watchedPath?: string }).watchedPath !== folder;
        if (isAbove) void watcher.close();
        if (isAbove || name === basename(folder)) this.#gone.add(folder);
        this.#onChange(isAbove || typeof name !== 'string' ? null : join(folder, name));
      });
      // What came between the scan that found the folder and now is found by one more.
      watcher.on('ready', () => this.#onChange(null));
      watcher.on('error', (error) => this.#complain(error));
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#log.warn('folder cannot be watched; new files are found by the scan', { error: messageOf(error) });
  }
}
