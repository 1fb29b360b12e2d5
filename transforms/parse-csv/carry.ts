import { allocate, release } from '../../src/plugin/index.ts';
import { CR, LF } from './lines.ts';
import type { Text } from './text.ts';

const NOTHING = Buffer.alloc(0);

/** Enough for a chunk and the beginning of a row before it. */
const FIRST_CAPACITY = 512 * 1024;

/**
 * Bytes that wait for the rest of their row, copied into memory of its own. They are handed out only when the row may
 * be complete, so that a long row that arrives in small pieces is not parsed again for each piece.
 */
export class Carry {
  readonly #maxRecordBytes: number;
  readonly #quoteByte: number;
  #buffer: Buffer | null = null;
  #length = 0;
  /** A quote is open, and what is held has no quote that was not read yet. */
  #quoteOpen = false;

  constructor(maxRecordBytes: number, quote: string | null) {
    this.#maxRecordBytes = maxRecordBytes;
    this.#quoteByte = quote === null ? -1 : quote.charCodeAt(0);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds bytes; true when a row may be complete by them. */
  add(bytes: Buffer): boolean {
    if (bytes.length === 0) return false;
    const before = this.#length;
    const endedInLineEnd = this.#endsInLineEnd();
    this.#append(bytes);
    if (this.#quoteOpen && this.#length <= this.#maxRecordBytes && !bytes.includes(this.#quoteByte))
      return false;
    return before === 0 || bytes.includes(LF) || bytes.includes(CR) || endedInLineEnd;
  }

  /** All bytes; nothing is held any more. */
  take(): Text {
    const block = this.#buffer ?? NOTHING;
    const all = { bytes: block.subarray(0, this.#length), block };
    this.#buffer = null;
    this.#length = 0;
    this.#quoteOpen = false;
    return all;
  }

  /** Holds bytes again; `quoteOpen` when the row they begin with has an open quote and no quote after what was read. */
  hold(bytes: Buffer, quoteOpen: boolean): void {
    this.#append(bytes);
    this.#quoteOpen = quoteOpen;
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (this.#buffer === null || this.#buffer.length < 2 * length) this.#grow(length);
    bytes.copy(this.#buffer as Buffer, this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    let capacity = FIRST_CAPACITY;
    while (capacity < length) capacity *= 2;
    const grown = allocate(2 * capacity);
    if (this.#buffer !== null) {
      this.#buffer.copy(grown, 0, 0, this.#length);
      release(this.#buffer);
    }
    this.#buffer = grown;
  }

  /** A CR waits for the byte after it, a line end of UTF-16 perhaps for its second half. */
  #endsInLineEnd(): boolean {
    const end = this.#buffer?.subarray(Math.max(0, this.#length - 2), this.#length);
    return end !== undefined && (end.includes(CR) || end.includes(LF));
  }
}
