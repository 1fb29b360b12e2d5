import type { TextDecoding } from './decoding.ts';
import type { EndlessRecord, LongOutcome } from './long-rows.ts';

/** Feeds a long record with the file's bytes, which may end within a character. */
export class LookAhead {
  readonly #record: EndlessRecord;
  readonly #decoding: TextDecoding;
  /** Bytes of the record that it has seen. */
  #seen: number;
  /** Bytes that it has to see again, with what follows them. */
  #held: Buffer;

  /** @param bytes of the record, of which it has seen so many */
  constructor(record: EndlessRecord, decoding: TextDecoding, bytes: Buffer, seen: number) {
    this.#record = record;
    this.#decoding = decoding;
    this.#seen = seen;
    this.#held = Buffer.from(bytes.subarray(seen));
  }

  /** The outcome, once it is known. */
  feed(bytes: Buffer, eof: boolean): LongOutcome | null {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const text = this.#decoding.toUtf8(all, eof);
    const used = this.#decoding.fileLength(text, 0, this.#record.feed(text, 0, eof));
    const length = this.#seen + all.length;
    this.#seen += used;
    this.#held = Buffer.from(all.subarray(used));
    const { outcome } = this.#record;
    if (outcome === null || outcome.next.file <= length) return outcome;
    // Half a character at the end of the file became a whole one of text.
    const { textEnd, next } = outcome;
    return {
      ...outcome,
      textEnd: { ...textEnd, file: Math.min(textEnd.file, length) },
      next: { ...next, file: length },
    };
  }
}
