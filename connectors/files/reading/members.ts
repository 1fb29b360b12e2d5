import { pipeline, Readable } from 'node:stream';
import type { Gunzip, ZstdDecompress } from 'node:zlib';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../../src/plugin/index.ts';
import { SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { malformed, trailing } from '../source-errors.ts';
import { mayBegin, requireBegin } from './compression.ts';
import { type Content, readRange } from './content.ts';
import type { Decompression } from './decompressed-content.ts';

const OUTPUT_BYTES = 256 * 1024;

/** zlib's words. */
const NO_HEADER = 'incorrect header check';

const DECOMPRESSORS = {
  gzip: (): Gunzip => createGunzip({ chunkSize: OUTPUT_BYTES }),
  zstd: (): ZstdDecompress => createZstdDecompress({ chunkSize: OUTPUT_BYTES }),
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
      const stream = this.#decompress(member);
      for await (const bytes of this.#guarded(stream, () => position)) {
        position += bytes.length;
        this.#diskPosition = member + stream.bytesWritten;
        yield bytes;
      }
      member = await this.#nextMember(member + stream.bytesWritten);
    }
  }

  #decompress(rawPosition: number): Gunzip | ZstdDecompress {
    // Errors are met by whoever iterates the stream.
    return pipeline(
      Readable.from(this.#raw.read(rawPosition), { objectMode: true, highWaterMark: 1 }),
      DECOMPRESSORS[this.#compression](),
      () => {},
    );
  }

  async *#guarded(stream: AsyncIterable<Buffer>, position: () => number): AsyncGenerator<Buffer> {
    try {
      yield* stream;
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
