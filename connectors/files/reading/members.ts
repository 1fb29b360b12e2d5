import type { Gunzip, ZstdDecompress } from 'node:zlib';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../../src/plugin/index.ts';
import { SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { malformed, systemCode, trailing } from '../source-errors.ts';
import { mayBegin, requireBegin } from './compression.ts';
import { type Content, readRange } from './content.ts';
import type { Decompression } from './decompressed-content.ts';

const OUTPUT_BYTES = 256 * 1024;

/** zlib's words. */
const NO_HEADER = 'incorrect header check';

/** What begins behind a frame that ended with a read is no other frame. */
const NO_FRAME = 'ZSTD_error_prefix_unknown';

/** A stream that fails forgets what was not read from it yet: so nothing is written while there is any. */
const SETTINGS = { chunkSize: OUTPUT_BYTES, readableHighWaterMark: 1 };

const DECOMPRESSORS = {
  gzip: (): Gunzip => createGunzip(SETTINGS),
  zstd: (): ZstdDecompress => createZstdDecompress(SETTINGS),
};

/** What Node decompresses. */
export type MembersCompression = keyof typeof DECOMPRESSORS;

/** The members (gzip) or frames (zstd) of a file, one after another. */
export class Members implements Decompression {
  readonly #raw: Content;
  readonly #compression: MembersCompression;
  readonly #path: string;
  #diskPosition = 0;

  constructor(raw: Content, compression: MembersCompression, path: string) {
    this.#raw = raw;
    this.#compression = compression;
    this.#path = path;
  }

  get diskPosition(): number {
    return this.#diskPosition;
  }

  async *content(): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    await requireBegin(this.#compression, this.#raw, this.#path);
    // Node ends its stream after a zstd frame, and after a gzip member that has padding behind it, without a word about
    // what follows. So each is a stream of its own here.
    for (let member: number | null = 0; member !== null; ) {
      const stream = DECOMPRESSORS[this.#compression]();
      for await (const bytes of this.#guarded(this.#decompress(stream, member), () => position)) {
        position += bytes.length;
        this.#diskPosition = member + stream.bytesWritten;
        yield bytes;
      }
      member = await this.#nextMember(member + stream.bytesWritten);
    }
  }

  /** To the end of the member at least; what it took of the file is what the stream counts. */
  async *#decompress(stream: Gunzip | ZstdDecompress, rawPosition: number): AsyncGenerator<Buffer> {
    const fed = feed(this.#raw.read(rawPosition), stream);
    try {
      yield* stream;
    } catch (error) {
      if (systemCode(error) !== NO_FRAME) throw error;
    } finally {
      stream.destroy();
      await fed;
    }
  }

  async *#guarded(content: AsyncIterable<Buffer>, position: () => number): AsyncGenerator<Buffer> {
    try {
      yield* content;
    } catch (error) {
      // Node takes what stands right behind a gzip member for another one; where members begin was looked at before.
      if (messageOf(error) === NO_HEADER) throw trailing(this.#path, this.#compression);
      throw malformed(this.#path, this.#compression, position(), error);
    }
  }

  /** Where the next member begins, past padding of zeros; null at the end. */
  async #nextMember(rawPosition: number): Promise<number | null> {
    let position = rawPosition;
    for await (const bytes of this.#raw.read(rawPosition)) {
      const begin = bytes.findIndex((byte) => byte !== 0);
      position += begin < 0 ? bytes.length : begin;
      if (begin >= 0) return await this.#requireNext(position);
    }
    return null;
  }

  async #requireNext(position: number): Promise<number> {
    const head = await readRange(this.#raw, position, position + SHORT_HEAD_BYTES);
    if (mayBegin(this.#compression, head)) return position;
    throw trailing(this.#path, this.#compression);
  }
}

/**
 * Writes read after read, each when the one before is used up, and none behind the end of a member: Node would take it
 * for more of the stream that it has ended. Errors are met by whoever reads the stream.
 */
async function feed(reads: AsyncIterable<Buffer>, stream: Gunzip | ZstdDecompress): Promise<void> {
  let given = 0;
  try {
    for await (const bytes of reads) {
      given += bytes.length;
      await usedUp(stream, bytes);
      if (stream.destroyed || stream.bytesWritten < given) return;
    }
    stream.end();
  } catch (error) {
    stream.destroy(error as Error);
  }
}

/** A stream that fails says nothing of the bytes that it failed at. */
function usedUp(stream: Gunzip | ZstdDecompress, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('close', done);
      resolve();
    };
    stream.once('close', done);
    stream.write(bytes, done);
  });
}
