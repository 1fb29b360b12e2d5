import { Range, type RangeOptions } from './range.ts';

const FIRST_RANGE_BYTES = 256 * 1024;
const LARGEST_RANGE_BYTES = 8 * 1024 * 1024;
/** Streams beside each other for one file at most. */
const MOST_AT_ONCE = 8;
/** Bytes that are held or on their way for one file at most. */
const MOST_BYTES = 64 * 1024 * 1024;
/** So far behind the last read bytes are kept: who decompresses goes back to where a member ended. */
const KEPT_BEHIND_BYTES = 1024 * 1024;

/**
 * Ranges one behind another from where reading began, begun before they are wanted. A file's first range is small, each
 * next one twice as long; the next is on its way while one is read. Where a stream is slower than whoever reads, more of
 * them are on their way beside each other.
 */
export class ReadAhead {
  readonly #options: RangeOptions;
  #ranges: Range[] = [];
  /** Memory of ranges that were read, each for one of the largest. */
  readonly #free: Buffer[] = [];
  #end: number;
  #nextBytes = FIRST_RANGE_BYTES;
  #atOnce = 1;
  #isAborted = false;
  /** The range that is being read. */
  #current: Range | null = null;
  /** The last read of those that go on where the one before ended. */
  #sequential: { readonly position: number; readonly size: number } | null = null;
  /** Reads of the current range so far, and how many of them had to wait. */
  #reads = 0;
  #waits = 0;

  constructor(from: number, options: RangeOptions) {
    this.#end = from;
    this.#options = options;
  }

  /** Whether reading can go on there: it is among what was asked for, or right behind that. */
  reaches(position: number): boolean {
    return position === this.#end || this.#ranges.some((range) => range.has(position));
  }

  /**
   * Reads what is wanted in full, or up to `size`.
   *
   * @param isSequential it goes on where the last read ended, so the next will do so too
   */
  async read(into: Buffer, position: number, size: number, isSequential: boolean): Promise<number> {
    const wanted = Math.min(into.length, size - position);
    let copied = 0;
    let hasWaited = false;
    while (copied < wanted) {
      const at = position + copied;
      const range = this.#rangeAt(at, size);
      this.#sequential = isSequential ? { position: at, size } : null;
      this.#extend();
      const bytes = range.copy(into.subarray(copied, wanted), at);
      copied += bytes;
      if (bytes > 0) continue;
      hasWaited = true;
      try {
        await range.more();
      } catch (error) {
        if (copied === 0) throw error;
        break;
      }
    }
    this.#reads++;
    if (hasWaited) this.#waits++;
    return copied;
  }

  /** Ends what is on its way; resolves when nothing is any more. */
  async abort(reason: unknown): Promise<void> {
    this.#isAborted = true;
    for (const range of this.#ranges) range.abort(reason);
    await Promise.all(this.#ranges.map(({ ended }) => ended));
  }

  #rangeAt(position: number, size: number): Range {
    const range = this.#ranges.find((candidate) => candidate.has(position)) ?? this.#begin(size);
    if (range.from > (this.#current?.from ?? -1)) {
      this.#adapt(range);
      this.#current = range;
    }
    this.#letGo(position - KEPT_BEHIND_BYTES);
    return range;
  }

  /** Lets go of what ends before `position`. What has not come of it, since reading has jumped, is still written to its memory. */
  #letGo(position: number): void {
    while ((this.#ranges[0]?.to ?? position + 1) <= position) {
      const { memory, isEnded } = this.#ranges.shift() as Range;
      if (isEnded && memory.length === LARGEST_RANGE_BYTES) this.#free.push(memory);
    }
  }

  /** A range was read: were there too few streams, or more than needed? */
  #adapt(next: Range): void {
    if (next.bytes === LARGEST_RANGE_BYTES) {
      if (2 * this.#waits > this.#reads) this.#atOnce = Math.min(MOST_AT_ONCE, this.#atOnce + 1);
      else if (this.#waits === 0) this.#atOnce = Math.max(1, this.#atOnce - 1);
    }
    this.#reads = 0;
    this.#waits = 0;
  }

  /** Begins as many ranges behind what is read as may be on their way. */
  #extend(): void {
    if (this.#sequential === null || this.#isAborted) return;
    const { position, size } = this.#sequential;
    while (this.#end < size) {
      const ahead = this.#ranges.filter(({ to }) => to > position);
      if (ahead.length > this.#atOnce) return;
      if (ahead.filter(({ isEnded }) => !isEnded).length >= this.#atOnce) return;
      const held = this.#ranges.reduce((sum, { bytes }) => sum + bytes, 0);
      if (held + this.#nextBytes > MOST_BYTES) return;
      this.#begin(size);
    }
  }

  #begin(size: number): Range {
    const to = Math.min(size, this.#end + this.#nextBytes);
    const bytes = to - this.#end;
    const free = bytes === LARGEST_RANGE_BYTES ? this.#free.pop() : undefined;
    const range = new Range(this.#end, to, free ?? Buffer.allocUnsafeSlow(bytes), this.#options);
    this.#ranges.push(range);
    this.#end = to;
    this.#nextBytes = Math.min(LARGEST_RANGE_BYTES, 2 * this.#nextBytes);
    void range.ended.then(() => this.#extend());
    return range;
  }
}
