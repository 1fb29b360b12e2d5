import { posix } from 'node:path';
import { HeadraceError } from '../../../src/plugin/index.ts';
import type { FileStore, ListedFile } from '../file-store.ts';
import type { Checksum, FoundFile } from '../file-version.ts';
import { PlainContent, readRange } from '../reading/content.ts';
import { checksumIn } from './checksum-file.ts';
import { type CompanionOptions, Companions } from './companions.ts';

/** A list of checksums of a whole delivery is shorter. */
const CHECKSUM_FILE_BYTES = 64 * 1024;

/** Tells of settled files whether all is there by which their senders say that they are complete. */
export class ReadyFiles {
  readonly #store: FileStore;
  readonly #companions: Companions;
  /** What files waited for in the round before, and in this one, by path. */
  #earlier = new Map<string, string>();
  #now = new Map<string, string>();

  constructor(store: FileStore, options: CompanionOptions) {
    this.#store = store;
    this.#companions = new Companions(options);
  }

  /** A round of looking at files begins. */
  begin(): void {
    this.#earlier = this.#now;
    this.#now = new Map();
  }

  /** Whether it is news that a file waits for this. */
  isNews(path: string, waitsFor: string): boolean {
    const isNews = (this.#now.get(path) ?? this.#earlier.get(path)) !== waitsFor;
    this.#now.set(path, waitsFor);
    return isNews;
  }

  /**
   * The file with what is claimed of it, or what it waits for, in words. What cannot be looked at now is waited for.
   *
   * @throws the signal's reason once it has aborted
   */
  async look(file: ListedFile, signal: AbortSignal): Promise<ListedFile | string> {
    if (this.#companions.isEmpty) return file;
    try {
      return await this.#lookBeside(file, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HeadraceError)) throw error;
      return `what is beside it cannot be looked at: ${error.message}`;
    }
  }

  async #lookBeside(file: ListedFile, signal: AbortSignal): Promise<ListedFile | string> {
    let checksum: Checksum | null = null;
    for (const { file: beside, algorithm } of this.#companions.of(file)) {
      const name = JSON.stringify(posix.basename(beside.place));
      if (algorithm === null) {
        if ((await this.#store.stat(beside)) === null) return `waits for its marker ${name} (ready.marker)`;
        continue;
      }
      const text = await this.#textOf(beside, signal);
      if (text === null) return `waits for its checksum file ${name} (ready.checksum)`;
      checksum = checksumIn(text, posix.basename(file.place), algorithm);
      if (checksum === null)
        return `waits for its ${algorithm} in ${name}, which has none of it (ready.checksum)`;
    }
    return checksum === null ? file : { ...file, claims: { checksum } };
  }

  /** null when it is not there. */
  async #textOf(file: FoundFile, signal: AbortSignal): Promise<string | null> {
    const open = await this.#store.open(file, signal);
    if (typeof open === 'string') return null;
    try {
      return (await readRange(new PlainContent(open), 0, CHECKSUM_FILE_BYTES)).toString('utf8');
    } finally {
      await open.close();
    }
  }
}
