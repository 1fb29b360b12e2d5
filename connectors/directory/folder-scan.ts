import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginLog } from '../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { versionOf } from '../files/file-version.ts';
import { isWithin } from '../files/paths.ts';
import { systemCode } from '../files/source-errors.ts';
import { filePattern } from './file-pattern.ts';
import { PassedOver } from './passed-over.ts';
import { WorkInProgress } from './work-in-progress.ts';

/** Stats that are asked for at once: the file system answers several as fast as one. */
const STATS_AT_ONCE = 64;

export interface ScannedFile extends FoundFile {
  readonly version: FileVersion;
}

export interface Scan {
  /** The folder itself could be read. */
  readonly isThere: boolean;
  readonly files: readonly ScannedFile[];
  /** What tells each folder that was looked into from another in its place, by its absolute path. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface FolderScanOptions {
  /** The folder as the user names it: it may be a link, and may lead elsewhere with the next scan. */
  readonly inputPath: string;
  /** Real paths of folders below it that are not looked into. */
  readonly excluded: readonly string[];
  /** What `input.file.pattern` says. */
  readonly pattern: string;
  /** Which relative paths that match are this task's; others cost nothing. */
  isOwn(path: string): boolean;
  /** Whether to tell what is passed over; of several tasks one does. */
  readonly tellsPassedOver: boolean;
  readonly log: PluginLog;
}

/** Finds the regular files below a folder, however deep. Hidden ones, and what is no file, are not among them. */
export class FolderScan {
  readonly #options: FolderScanOptions;
  readonly #matches: (path: string) => boolean;
  readonly #progress: WorkInProgress;
  readonly #passedOver: PassedOver;
  #root: string;
  #complaints = new Set<string>();
  #earlierComplaints = new Set<string>();

  constructor(options: FolderScanOptions) {
    this.#options = options;
    this.#matches = filePattern(options.pattern);
    this.#progress = new WorkInProgress(options.pattern);
    this.#passedOver = new PassedOver(options.log, options.pattern);
    this.#root = options.inputPath;
  }

  /** The real path of the folder, as of the last scan that found it. */
  get root(): string {
    return this.#root;
  }

  /** Every wanted file as it is now. A folder that cannot be read is logged once and passed over. */
  async scan(): Promise<Scan> {
    this.#earlierComplaints = this.#complaints;
    this.#complaints = new Set();
    const files: ScannedFile[] = [];
    const identities = new Map<string, string>();
    const folders = (await this.#findRoot()) ? [''] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const places: string[] = [];
      for (const entry of await this.#entries(folder, identities)) {
        if (entry.name.startsWith('.')) continue;
        const place = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (this.#isToSearch(entry.name, place)) folders.push(place);
        } else if (this.#isToLoad(entry, place)) places.push(place);
      }
      await this.#stat(places, files);
    }
    if (this.#options.tellsPassedOver) this.#passedOver.tell();
    return { isThere: identities.has(this.#root), files, folders: identities };
  }

  /** False when there is nothing to look into now. */
  async #findRoot(): Promise<boolean> {
    try {
      const root = await realpath(this.#options.inputPath);
      if (this.#options.excluded.some((folder) => isWithin(root, folder))) {
        this.#complain('error', '', 'input.path leads into a folder for finished or failed files; not read');
        return false;
      }
      if (root !== this.#root && this.#root !== this.#options.inputPath) {
        this.#options.log.info('input.path leads to another folder now', { from: this.#root, to: root });
      }
      this.#root = root;
      return true;
    } catch (error) {
      this.#complain('error', '', 'folder cannot be read', error);
      return false;
    }
  }

  #isToSearch(name: string, place: string): boolean {
    if (this.#options.excluded.includes(this.#absolute(place))) return false;
    if (!this.#progress.isFolder(name)) return true;
    if (name !== 'lost+found') this.#passedOver.folder(place);
    return false;
  }

  #isToLoad(entry: Dirent, place: string): boolean {
    if (entry.isSymbolicLink()) {
      this.#passedOver.link(place, this.#matches(place));
      return false;
    }
    if (!this.#matches(place)) {
      if (entry.isFile() && this.#progress.whyNot(entry.name) === null) this.#passedOver.unmatched(place);
      return false;
    }
    const why = this.#progress.whyNot(entry.name);
    if (why !== null) {
      this.#passedOver.inProgress(place, why);
      return false;
    }
    if (!this.#options.isOwn(place)) return false;
    if (!entry.isFile()) this.#complain('warn', place, 'not a regular file; passed over');
    return entry.isFile();
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
    return join(this.#root, ...place.split('/'));
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
