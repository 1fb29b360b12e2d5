import { messageOf } from '../../../src/plugin/index.ts';
import { unreadable } from '../source-errors.ts';
import { CUT_SHORT, Damaged, NoStream } from './damaged.ts';

/** So much of a file is given to the decoder at once, which takes some dozens ahead: they count as used. */
const INPUT_BYTES = 4 * 1024;

/** The decoder's words. */
const BEHIND = 'invalid data after stream';
const TOO_SHORT: readonly string[] = ['failed to fill whole buffer', 'incomplete XZ magic bytes'];

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
    const { decompressStream } = await loadDecoder();
    try {
      // In a thread they are no Buffers, whatever the types say.
      for await (const { buffer, byteOffset, byteLength } of decompressStream(
        ReadableStream.from(this.#pieces()),
      ))
        yield Buffer.from(buffer, byteOffset, byteLength);
    } catch (error) {
      if (this.#unread !== null) throw this.#unread.error;
      const message = messageOf(error);
      if (message === BEHIND) throw new NoStream();
      throw new Damaged(TOO_SHORT.includes(message) ? CUT_SHORT : message, { cause: error });
    }
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

/** @throws HeadraceError SOURCE_UNREADABLE where there is none for this machine, which is no fault of the file */
async function loadDecoder() {
  try {
    return await import('@napi-rs/lzma/xz');
  } catch (error) {
    const mend =
      'install Headrace anew, with optional packages, or have the file sent in another compression';
    throw unreadable('xz files need the package @napi-rs/lzma, which cannot be loaded', mend, error);
  }
}
