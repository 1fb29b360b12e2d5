import { allocate, release } from '../../src/rows/index.ts';
import { CR, LF } from './lines.ts';
import type { Text } from './text.ts';

const NOTHING = Buffer.alloc(0);

const SMALLEST_CAPACITY = 16 * 1024;

/**
 * Bytes that wait for the rest of their row, and that rest behind them. They are handed out only when the row may be
 * complete, so that a long row that arrives in small pieces is not parsed again for each piece.
 */
export class Carry {
  readonly #maxRecordBytes: number;
  readonly #quoteByte: number;
  /** The bytes stand in it from `start` on, with room for as many behind them. */
  #block: Buffer | null = null;
  #start = 0;
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

  /** Adds bytes, and takes over the block that they stand in; true when a row may be complete by them. */
  add(bytes: Buffer, block?: Buffer): boolean {
    if (bytes.length === 0) {
      if (block !== undefined) release(block);
      return false;
    }
    const before = this.#length;
    const endedInLineEnd = this.#endsInLineEnd();
    if (block === undefined) this.#append(bytes);
    else if (!this.#goOnIn(block, bytes)) {
      this.#append(bytes);
      release(block);
    }
    if (this.#quoteOpen && this.#length <= this.#maxRecordBytes && !bytes.includes(this.#quoteByte))
      return false;
    // A row that is too long for a row has no need of its end.
    if (this.#length > this.#maxRecordBytes) return true;
    return before === 0 || bytes.includes(LF) || bytes.includes(CR) || endedInLineEnd;
  }

  /** All bytes; nothing is held any more. */
  take(): Text {
    const block = this.#block ?? NOTHING;
    const room = block.subarray(this.#start);
    const all = { bytes: room.subarray(0, this.#length), room, block };
    this.#block = null;
    this.#start = 0;
    this.#length = 0;
    this.#quoteOpen = false;
    return all;
  }

  /** Holds bytes again; `quoteOpen` when the row they begin with has an open quote and no quote after what was read. */
  hold(bytes: Buffer, quoteOpen: boolean): void {
    this.#append(bytes);
    this.#quoteOpen = quoteOpen;
  }

  /** Puts what is held before the bytes in their own block; false when there is not enough room for it. */
  #goOnIn(block: Buffer, bytes: Buffer): boolean {
    const at = bytes.byteOffset - block.byteOffset;
    const start = at - this.#length;
    const end = at + bytes.length;
    if (start < 0 || block.length - end < end - start) return false;
    this.#moveTo(block, start);
    this.#length += bytes.length;
    return true;
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (this.#block === null || this.#block.length - this.#start < 2 * length) {
      let capacity = SMALLEST_CAPACITY;
      while (capacity < length) capacity *= 2;
      this.#moveTo(allocate(2 * capacity), 0);
    }
    bytes.copy(this.#block as Buffer, this.#start + this.#length);
    this.#length = length;
  }

  #moveTo(block: Buffer, start: number): void {
    if (this.#block !== null) {
      this.#block.copy(block, start, this.#start, this.#start + this.#length);
      release(this.#block);
    }
    this.#block = block;
    this.#start = start;
  }

  /** A CR waits for the byte after it, a line end of UTF-16 perhaps for its second half. */
  #endsInLineEnd(): boolean {
    const end = this.#start + this.#length;
    const last = this.#block?.subarray(Math.max(this.#start, end - 2), end);
    return last !== undefined && (last.includes(CR) || last.includes(LF));
  }
}
