import { pipeline, Readable } from 'node:stream';
import type { Gunzip, ZstdDecompress } from 'node:zlib';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Content, Piece } from './content.ts';
import { readRange } from './content.ts';
import { malformed } from './source-errors.ts';

const OUTPUT_BYTES = 256 * 1024;

export type Compression = 'gzip' | 'zstd';

const DECOMPRESSORS: Record<Compression, () => Gunzip | ZstdDecompress> = {
  gzip: () => createGunzip({ chunkSize: OUTPUT_BYTES }),
  zstd: () => createZstdDecompress({ chunkSize: OUTPUT_BYTES }),
};

const NAMES: Record<string, Compression> = { gz: 'gzip', zst: 'zstd' };
const MAGIC: readonly [Compression, Buffer][] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/**
 * How a file is compressed, by its name and else by its first bytes, which no text begins with. By its name first: an
 * empty file called `.gz` is one that was cut short.
 */
export async function compressionOf(path: string, raw: Content): Promise<Compression | null> {
  const byName = NAMES[/\.(gz|zst)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (byName !== undefined) return byName;
  const head = await readRange(raw, 0, 4);
  return MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0] ?? null;
}

/** The decompressed content of a file: all its members (gzip) or frames (zstd), one after another. */
export class CompressedContent implements Content {
  readonly #raw: Content;
  readonly #compression: Compression;
  readonly #path: string;
  #diskPosition = 0;

  constructor(raw: Content, compression: Compression, path: string) {
    this.#raw = raw;
    this.#compression = compression;
    this.#path = path;
  }

  get diskPosition(): number {
    return this.#diskPosition;
  }

  /** There is no seeking: whatever is before `from` is decompressed and thrown away. */
  async *read(from: number, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    // Node ends its stream after a zstd frame, and after a gzip member that has padding behind it, without a word about
    // what follows. So each is a stream of its own here.
    for (let member: number | null = 0; member !== null; ) {
      const stream = this.#decompress(member);
      for await (const bytes of this.#guarded(stream, () => position)) {
        const wanted = bytes.subarray(Math.max(0, from - position), Math.max(0, to - position));
        position += bytes.length;
        this.#diskPosition = member + stream.bytesWritten;
        if (wanted.length > 0) yield wanted;
        if (position >= to) return;
      }
      member = await this.#nextMember(member + stream.bytesWritten);
    }
  }

  async *pieces(from: number): AsyncGenerator<Piece, void, undefined> {
    for await (const bytes of this.read(from)) yield { bytes };
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
      throw malformed(this.#path, this.#compression, position(), error);
    }
  }

  /** Where the next member begins, past padding of zeros; null at the end. */
  async #nextMember(rawPosition: number): Promise<number | null> {
    let position = rawPosition;
    for await (const bytes of this.#raw.read(rawPosition)) {
      const begin = bytes.findIndex((byte) => byte !== 0);
      if (begin >= 0) return position + begin;
      position += bytes.length;
    }
    return null;
  }
}
