import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginLog } from '../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { versionOf } from '../files/file-version.ts';
import { systemCode } from '../files/source-errors.ts';

/** Stats that are asked for at once: the file system answers several as fast as one. */
const STATS_AT_ONCE = 64;

export interface ScannedFile extends FoundFile {
  readonly version: FileVersion;
}

export interface Scan {
  readonly files: readonly ScannedFile[];
  /** What tells each folder that was looked into from another in its place, by its absolute path. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface FolderScanOptions {
  /** The real path of the folder. */
  readonly root: string;
  /** Real paths of folders below it that are not looked into. */
  readonly excluded: readonly string[];
  /** Which relative paths are of interest; others cost nothing. */
  isWanted(path: string): boolean;
  readonly log: PluginLog;
}

/** Finds the regular files below a folder, however deep. Hidden ones, and what is no file, are not among them. */
export class FolderScan {
  readonly #options: FolderScanOptions;
  #complaints = new Set<string>();
  #earlierComplaints = new Set<string>();

  constructor(options: FolderScanOptions) {
    this.#options = options;
  }

  /** Every wanted file as it is now. A folder that cannot be read is logged once and passed over. */
  async scan(): Promise<Scan> {
    this.#earlierComplaints = this.#complaints;
    this.#complaints = new Set();
    const files: ScannedFile[] = [];
    const identities = new Map<string, string>();
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const places: string[] = [];
      for (const entry of await this.#entries(folder, identities)) {
        if (entry.name.startsWith('.')) continue;
        const place = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (!this.#options.excluded.includes(this.#absolute(place))) folders.push(place);
        } else if (this.#options.isWanted(place)) {
          if (entry.isFile()) places.push(place);
          else this.#complain('warn', place, 'not a regular file; passed over');
        }
      }
      await this.#stat(places, files);
    }
    return { files, folders: identities };
  }

  async #entries(folder: string, identities: Map<string, string>): Promise<Dirent[]> {
    const absolute = this.#absolute(folder);
    try {
      const { dev, ino } = await stat(absolute, { bigint: true });
      const entries = await readdir(absolute, { withFileTypes: true });
      identities.set(absolute, `${dev}:${ino}`);
      return entries;
    } catch (error) {
      const isGone = systemCode(error) === 'ENOENT' && folder !== '';
      if (!isGone) this.#complain('error', folder, 'folder cannot be read', error);
      return [];
    }
  }

  async #stat(places: readonly string[], files: ScannedFile[]): Promise<void> {
    for (let from = 0; from < places.length; from += STATS_AT_ONCE) {
      const some = places.slice(from, from + STATS_AT_ONCE);
      const found = await Promise.all(some.map((place) => this.#found(place)));
      for (const file of found) if (file !== null) files.push(file);
    }
  }

  async #found(place: string): Promise<ScannedFile | null> {
    const absolute = this.#absolute(place);
    try {
      const stats = await lstat(absolute, { bigint: true });
      return stats.isFile() ? { path: place, place, absolute, version: versionOf(stats) } : null;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') this.#complain('error', place, 'file cannot be looked at', error);
      // A name that is not UTF-8 is listed in a form under which it cannot be found.
      else if (place.includes('\uFFFD'))
        this.#complain('warn', place, 'file name is not UTF-8; rename the file');
      return null;
    }
  }

  #absolute(place: string): string {
    return join(this.#options.root, ...place.split('/'));
  }

  /** Says a thing once, until a scan no longer meets it. */
  #complain(level: 'warn' | 'error', place: string, message: string, error?: unknown): void {
    const complaint = `${message}\n${place}`;
    if (!this.#earlierComplaints.has(complaint) && !this.#complaints.has(complaint)) {
      this.#options.log[level](message, {
        file: place,
        ...(error === undefined ? {} : { error: String(error) }),
      });
    }
    this.#complaints.add(complaint);
  }
}
