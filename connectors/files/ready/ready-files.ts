import { posix } from 'node:path';
import { HeadraceError } from '../../../src/plugin/index.ts';
import { LinePattern } from '../../../src/values/line-pattern.ts';
import type { FileStore, ListedFile } from '../file-store.ts';
import {
  type Checksum,
  type FileVersion,
  type FoundFile,
  isUntouched,
  type Trailer,
} from '../file-version.ts';
import { PlainContent, readRange } from '../reading/content.ts';
import type { DecompressionLimits } from '../reading/decompression-limits.ts';
import { openFile } from '../reading/open-file.ts';
import { checksumIn } from './checksum-file.ts';
import { type CompanionOptions, Companions } from './companions.ts';
import { trailerOf } from './trailer.ts';

/** A list of checksums of a whole delivery is shorter. */
const CHECKSUM_FILE_BYTES = 64 * 1024;

export interface ReadyOptions extends CompanionOptions {
  /** What the last line of a file must be. */
  readonly readyPattern: string | null;
  readonly limits: DecompressionLimits;
}

/** What is known of a file by what was delivered under its path. */
export interface Standing {
  /** All of a file of its size and time was delivered: it only remains to be finished. */
  readonly isEnded: boolean;
  /** It goes on with what was delivered, and came with nothing beside it. */
  readonly isContinued: boolean;
}

interface Waiting {
  readonly reason: string;
  readonly version: FileVersion;
}

const NO_TRAILER = 'waits for its last line to be as ready.pattern says';

/** Tells of settled files whether all is there by which their senders say that they are complete. */
export class ReadyFiles {
  readonly #store: FileStore;
  readonly #limits: DecompressionLimits;
  readonly #companions: Companions;
  readonly #trailer: LinePattern | null;
  /** What files waited for in the round before, and in this one, by path. */
  #earlier = new Map<string, Waiting>();
  #now = new Map<string, Waiting>();

  constructor(store: FileStore, options: ReadyOptions) {
    const { readyPattern, limits } = options;
    this.#store = store;
    this.#limits = limits;
    this.#companions = new Companions(options);
    this.#trailer = readyPattern === null ? null : new LinePattern(readyPattern);
  }

  /** A round of looking at files begins. */
  begin(): void {
    this.#earlier = this.#now;
    this.#now = new Map();
  }

  /**
   * The file with what is claimed of it; null when it waits, for what is told where that is news. What cannot be looked at now
   * is waited for.
   *
   * @throws the signal's reason once it has aborted
   */
  async look(
    file: ListedFile,
    standing: Standing,
    signal: AbortSignal,
    tell: (waitsFor: string) => void,
  ): Promise<ListedFile | null> {
    const { path, version } = file;
    const looked = await this.#look(file, standing, signal);
    if (typeof looked !== 'string') return looked;
    const isNews = this.#earlier.get(path)?.reason !== looked;
    this.#now.set(path, { reason: looked, version });
    if (isNews) tell(looked);
    return null;
  }

  async #look(
    file: ListedFile,
    { isEnded, isContinued }: Standing,
    signal: AbortSignal,
  ): Promise<ListedFile | string> {
    try {
      const checksum = isEnded || isContinued ? null : await this.#lookBeside(file, signal);
      if (typeof checksum === 'string') return checksum;
      const trailer = await this.#lookInto(file, signal);
      if (trailer === 'none' && !isEnded) return NO_TRAILER;
      if (checksum === null && typeof trailer === 'string') return file;
      const claims = {
        checksum: checksum ?? undefined,
        trailer: typeof trailer === 'string' ? undefined : trailer,
      };
      return { ...file, claims };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HeadraceError)) throw error;
      return `cannot be looked at: ${error.message}`;
    }
  }

  /** Its checksum, if it is to have one, or what is missing. */
  async #lookBeside(file: ListedFile, signal: AbortSignal): Promise<Checksum | string | null> {
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
    return checksum;
  }

  /** Its trailer row; `unasked` where none is wanted, or nothing can be said: whoever reads it finds out why. */
  async #lookInto(file: ListedFile, signal: AbortSignal): Promise<Trailer | 'none' | 'unasked'> {
    if (this.#trailer === null) return 'unasked';
    const earlier = this.#earlier.get(file.path);
    if (earlier?.reason === NO_TRAILER && isUntouched(earlier.version, file.version)) return 'none';
    const open = await openFile(this.#store, file, signal, this.#limits);
    if (typeof open === 'string') return 'unasked';
    try {
      return (await trailerOf(open, this.#trailer)) ?? 'none';
    } catch (error) {
      if (error instanceof HeadraceError && error.code === 'SOURCE_MALFORMED') return 'unasked';
      throw error;
    } finally {
      await open.file.close();
    }
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
