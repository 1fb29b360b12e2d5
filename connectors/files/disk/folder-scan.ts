import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PluginLog } from '../../../src/plugin/index.ts';
import { Complaints } from '../complaints.ts';
import type { ListedFile, ListFilter } from '../file-store.ts';
import { isWithin } from '../paths.ts';
import { systemCode } from '../source-errors.ts';
import { versionOf } from './disk-file.ts';

/** Stats that are asked for at once: the file system answers several as fast as one. */
const STATS_AT_ONCE = 64;

/** Files that are not looked at and are given at once: thousands together would outlive what the collector of young objects takes. */
const KNOWN_AT_ONCE = 256;

export interface FolderScanOptions {
  /** The folder as the user names it: it may be a link, and may lead elsewhere with the next scan. */
  readonly inputPath: string;
  /** Real paths of folders below it that are not looked into. */
  readonly excluded: readonly string[];
  readonly log: PluginLog;
}

/** Finds the regular files below a folder, however deep. What is no file is not among them. */
export class FolderScan {
  readonly #options: FolderScanOptions;
  #root: string;
  #folders = new Map<string, string>();
  readonly #complaints: Complaints;

  constructor(options: FolderScanOptions) {
    this.#options = options;
    this.#complaints = new Complaints(options.log);
    this.#root = options.inputPath;
  }

  /** The real path of the folder, as of the last scan that found it. */
  get root(): string {
    return this.#root;
  }

  /** The path of a file as listings give it; null when it is none below the folder. */
  pathOf(absolute: string): string | null {
    const path = relative(this.#root, absolute).split(sep).join('/');
    return path === '' || path.startsWith('..') ? null : path;
  }

  /** What tells each folder that the last scan looked into from another in its place, by its absolute path. */
  get folders(): ReadonlyMap<string, string> {
    return this.#folders;
  }

  /**
   * Every wanted file as it is now, a folder at a time. A folder that cannot be read is logged once and passed over.
   *
   * @returns whether the folder itself could be read
   */
  async *pages(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    this.#complaints.begin();
    this.#folders = new Map();
    const folders = (await this.#findRoot()) ? [''] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      signal.throwIfAborted();
      const places: string[] = [];
      let known: ListedFile[] = [];
      for (const entry of await this.#entries(folder)) {
        const place = folder === '' ? entry.name : `${folder}/${entry.name}`;
        const version = entry.isFile() ? filter.versionOf?.(place) : undefined;
        if (version !== undefined)
          known.push({ path: place, place, absolute: this.#absolute(place), version });
        else if (entry.isDirectory()) {
          if (this.#isToSearch(place, filter)) folders.push(place);
        } else if (this.#isToLoad(entry, place, filter)) places.push(place);
        if (known.length < KNOWN_AT_ONCE) continue;
        yield known;
        known = [];
      }
      yield known;
      for (let from = 0; from < places.length; from += STATS_AT_ONCE) {
        const some = places.slice(from, from + STATS_AT_ONCE);
        const found = await Promise.all(some.map((place) => this.#found(place)));
        yield found.filter((file) => file !== null);
      }
    }
    return this.#folders.has(this.#root);
  }

  /** False when there is nothing to look into now. */
  async #findRoot(): Promise<boolean> {
    try {
      const root = await realpath(this.#options.inputPath);
      if (this.#options.excluded.some((folder) => isWithin(root, folder))) {
        this.#complaints.tell(
          'error',
          '',
          'input.path leads into a folder for finished or failed files; not read',
        );
        return false;
      }
      if (root !== this.#root && this.#root !== this.#options.inputPath) {
        this.#options.log.info('input.path leads to another folder now', { from: this.#root, to: root });
      }
      this.#root = root;
      return true;
    } catch (error) {
      this.#complaints.tell('error', '', 'folder cannot be read', String(error));
      return false;
    }
  }

  #isToSearch(place: string, filter: ListFilter): boolean {
    return !this.#options.excluded.includes(this.#absolute(place)) && filter.isFolderWanted(place);
  }

  #isToLoad(entry: Dirent, place: string, filter: ListFilter): boolean {
    if (entry.isSymbolicLink()) {
      filter.metLink?.(place);
      return false;
    }
    if (!filter.isFileWanted(place)) return false;
    if (!entry.isFile()) this.#complaints.tell('warn', place, 'not a regular file; passed over');
    return entry.isFile();
  }

  async #entries(folder: string): Promise<Dirent[]> {
    const absolute = this.#absolute(folder);
    try {
      const { dev, ino } = await stat(absolute, { bigint: true });
      const entries = await readdir(absolute, { withFileTypes: true });
      this.#folders.set(absolute, `${dev}:${ino}`);
      return entries;
    } catch (error) {
      const isGone = systemCode(error) === 'ENOENT' && folder !== '';
      if (!isGone) this.#complaints.tell('error', folder, 'folder cannot be read', String(error));
      return [];
    }
  }

  async #found(place: string): Promise<ListedFile | null> {
    const absolute = this.#absolute(place);
    try {
      const stats = await lstat(absolute, { bigint: true });
      // Put together anew: until it is used it is not held letter by letter.
      return stats.isFile()
        ? { path: place, place, absolute: this.#absolute(place), version: versionOf(stats) }
        : null;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT')
        this.#complaints.tell('error', place, 'file cannot be looked at', String(error));
      // A name that is not UTF-8 is listed in a form under which it cannot be found.
      else if (place.includes('\uFFFD'))
        this.#complaints.tell('warn', place, 'file name is not UTF-8; rename the file');
      return null;
    }
  }

  #absolute(place: string): string {
    if (place === '') return this.#root;
    // For each of thousands of files: a name that was listed needs no more.
    return this.#root.endsWith(sep) || sep !== '/' ? join(this.#root, place) : `${this.#root}/${place}`;
  }
}
