import { CR, LF } from './lines.ts';

/**
 * Bytes that wait for the rest of their row. They are joined only when the row may be complete, so that a long row
 * that arrives in small pieces is neither copied nor parsed again for each piece.
 */
export class Carry {
  readonly #maxRecordBytes: number;
  readonly #quoteByte: number;
  #pieces: Buffer[] = [];
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
    const first = this.#length === 0;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#quoteOpen && this.#length <= this.#maxRecordBytes && !bytes.includes(this.#quoteByte))
      return false;
    return first || bytes.includes(LF) || bytes.includes(CR) || this.#endedInLineEnd();
  }

  /** All bytes; nothing is held any more. */
  take(): Buffer {
    const [first] = this.#pieces;
    const all = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    this.#quoteOpen = false;
    return all;
  }

  /** Holds bytes again; `quoteOpen` when the row they begin with has an open quote and no quote after what was read. */
  hold(bytes: Buffer, quoteOpen: boolean): void {
    this.#pieces = bytes.length === 0 ? [] : [bytes];
    this.#length = bytes.length;
    this.#quoteOpen = quoteOpen;
  }

  /** A CR waits for the byte after it, a line end of UTF-16 perhaps for its second half. */
  #endedInLineEnd(): boolean {
    const end = this.#pieces.at(-2)?.subarray(-2);
    return end !== undefined && (end.includes(CR) || end.includes(LF));
  }
}
