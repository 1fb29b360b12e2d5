import type { PluginLog } from '../../../src/plugin/index.ts';
import type { StoredFile } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';
import { Range, type RangeOptions, type RangeSource } from './range.ts';
import { ReadAhead } from './read-ahead.ts';
import { WholeChecksum } from './whole-checksum.ts';

export interface RangeReaderOptions {
  readonly found: FoundFile;
  /** As it was when it was opened. */
  readonly version: FileVersion;
  readonly checksum?: StoredFile['checksum'] | undefined;
  readonly source: RangeSource;
  readonly signal: AbortSignal;
  readonly log: PluginLog;
  /** Of stores without versions: the file as it is now. It may have grown, and is read to the end that this has told. */
  readonly stat?: (() => Promise<FileVersion>) | undefined;
  /** Lets go of what the source holds; called once, when nothing is asked of it any more. */
  readonly release?: (() => Promise<void>) | undefined;
  readonly stallMs?: number | undefined;
  readonly firstWaitMs?: number | undefined;
}

/**
 * A file of a store that can be asked for ranges of bytes. Reads that go on where the last one ended come from what was
 * read ahead, at most 64 MiB of it; any other is a range of its own, and leaves what was read ahead alone. Read from its
 * beginning to its end, a file is held against the checksum that its store keeps of it.
 */
export class RangeReader implements StoredFile {
  readonly version: FileVersion;
  readonly checksum?: NonNullable<StoredFile['checksum']>;
  readonly #options: RangeReaderOptions;
  readonly #ranges: RangeOptions;
  readonly #reckoning: WholeChecksum | null;
  #size: number;
  /** As it was at the last look. */
  #seen: FileVersion;
  #ahead: ReadAhead;
  /** Where the last read ended; that the first one goes on to the end is not known. */
  #next = -1;
  /** Ranges that are read by themselves. */
  readonly #single = new Set<Range>();
  readonly #onAbort: () => void;
  #isClosed = false;

  constructor(options: RangeReaderOptions) {
    const { found, version, checksum, source, log, signal, stallMs, firstWaitMs } = options;
    this.#options = options;
    this.#ranges = { path: found.path, source, log, stallMs, firstWaitMs };
    this.version = version;
    this.#seen = version;
    if (checksum !== undefined) this.checksum = checksum;
    this.#reckoning = checksum === undefined ? null : new WholeChecksum(checksum);
    this.#size = version.size;
    this.#ahead = new ReadAhead(0, this.#ranges);
    this.#onAbort = () => void this.#abort(signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async read(into: Buffer, position: number): Promise<number> {
    const { signal, found } = this.#options;
    signal.throwIfAborted();
    if (this.#isClosed) throw new Error(`${found.path} is closed`);
    if (position >= this.#size) {
      this.#reckoning?.requireMatch(found.path, this.#size);
      return 0;
    }
    const reading = this.#readInto(into, position);
    const bytes = await reading.finally(() => signal.throwIfAborted());
    this.#next = position + bytes;
    this.#reckoning?.add(into.subarray(0, bytes), position);
    return bytes;
  }

  async stat(): Promise<FileVersion> {
    const now = (await this.#options.stat?.()) ?? this.version;
    if (!isUntouched(now, this.#seen)) this.#forget();
    this.#seen = now;
    this.#size = now.size;
    return now;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    await this.#abort(new Error('closed'));
    await this.#options.release?.();
  }

  /** What was read ahead may be of what the file was before. */
  #forget(): void {
    void this.#ahead.abort(new Error('the file has changed'));
    this.#ahead = new ReadAhead(Math.max(0, this.#next), this.#ranges);
  }

  async #readInto(into: Buffer, position: number): Promise<number> {
    const isSequential = position === this.#next;
    if (this.#ahead.reaches(position)) return await this.#readAhead(into, position, isSequential);
    if (!isSequential) return await this.#readAlone(into, position);
    void this.#ahead.abort(new Error('reading goes on elsewhere'));
    this.#ahead = new ReadAhead(position, this.#ranges);
    return await this.#readAhead(into, position, isSequential);
  }

  async #readAhead(into: Buffer, position: number, isSequential: boolean): Promise<number> {
    try {
      return await this.#ahead.read(into, position, this.#size, isSequential);
    } catch (error) {
      // Another read begins anew, and may succeed.
      void this.#ahead.abort(error);
      this.#ahead = new ReadAhead(position, this.#ranges);
      throw error;
    }
  }

  async #readAlone(into: Buffer, position: number): Promise<number> {
    const to = Math.min(position + into.length, this.#size);
    const range = new Range(position, to, Buffer.allocUnsafe(to - position), this.#ranges);
    this.#single.add(range);
    try {
      let copied = 0;
      while (copied < range.bytes) {
        copied += range.copy(into.subarray(copied), position + copied);
        if (copied < range.bytes) await range.more();
      }
      return copied;
    } finally {
      this.#single.delete(range);
    }
  }

  async #abort(reason: unknown): Promise<void> {
    for (const range of this.#single) range.abort(reason);
    await Promise.all([this.#ahead.abort(reason), ...[...this.#single].map(({ ended }) => ended)]);
  }
}
