import { messageOf } from '../../../src/plugin/index.ts';
import { CUT_SHORT, Damaged, NoStream } from './damaged.ts';

/** So much of a file is given to the decoder at once: what it was given counts as used. */
const INPUT_BYTES = 4 * 1024;
/** More than the decoder ever gives at once. */
const OUTPUT_BYTES = 256 * 1024;

/** The decoder's numbers, `enum xz_ret` (https://github.com/tukaani-project/xz-embedded/blob/main/linux/include/linux/xz.h). */
const REASONS: Readonly<Record<string, string>> = {
  3: 'it needs more memory than there is',
  4: 'it needs more memory than there is',
  6: 'it has a check or filter that is not read here; xz writes one that is by --check=crc64',
  7: 'the data is corrupt',
  8: CUT_SHORT,
};
/** Behind a stream comes something that is none. */
const NO_MAGIC = '5';

/** Takes xz streams apart that stand one behind another, with zeros between them or without (https://tukaani.org/xz/). */
export class Unxz {
  readonly #raw: AsyncIterable<Buffer>;
  /** Bytes of the file that are needed for what was given so far, or a little more. */
  used = 0;
  /** What kept the file from being read, which is not the decoder's to tell. */
  #unread: { readonly error: unknown } | null = null;

  constructor(raw: AsyncIterable<Buffer>) {
    this.#raw = raw;
  }

  /** @throws Damaged, NoStream, and what reading the file throws */
  async *content(): AsyncGenerator<Buffer, void, undefined> {
    const { default: xz } = await import('xz-decompress');
    const content = new xz.XzReadableStream(ReadableStream.from(this.#pieces()));
    // The decoder gives some kilobytes at a time, and a batch of rows is made of each chunk.
    let chunk = Buffer.allocUnsafe(OUTPUT_BYTES);
    let length = 0;
    let failure: { readonly error: unknown } | null = null;
    try {
      for await (const bytes of content) {
        if (length + bytes.length > OUTPUT_BYTES) {
          yield chunk.subarray(0, length);
          chunk = Buffer.allocUnsafe(OUTPUT_BYTES);
          length = 0;
        }
        chunk.set(bytes, length);
        length += bytes.length;
      }
    } catch (error) {
      failure = { error };
    }
    if (length > 0) yield chunk.subarray(0, length);
    if (failure !== null) throw this.#reasonOf(failure.error);
  }

  #reasonOf(error: unknown): unknown {
    if (this.#unread !== null) return this.#unread.error;
    const message = messageOf(error);
    const [, number = ''] = /error code (\d+)/.exec(message) ?? [];
    return number === NO_MAGIC ? new NoStream() : new Damaged(REASONS[number] ?? message, { cause: error });
  }

  async *#pieces(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for await (const bytes of this.#raw) {
        for (let at = 0; at < bytes.length; at += INPUT_BYTES) {
          const piece = bytes.subarray(at, at + INPUT_BYTES);
          this.used += piece.length;
          yield piece;
        }
      }
    } catch (error) {
      this.#unread = { error };
      throw error;
    }
  }
}
