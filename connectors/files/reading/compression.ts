import { pipeline, Readable } from 'node:stream';
import type { Gunzip, ZstdDecompress } from 'node:zlib';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type HeadraceError, messageOf } from '../../../src/plugin/index.ts';
import { isZipArchive, otherFormat, SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { malformed, notDecompressed } from '../source-errors.ts';
import { type Content, readRange } from './content.ts';
import type { Decompression } from './decompressed-content.ts';

const OUTPUT_BYTES = 256 * 1024;

/** zlib's words. */
const NO_HEADER = 'incorrect header check';

export type Compression = 'gzip' | 'zstd';

const DECOMPRESSORS: Record<Compression, () => Gunzip | ZstdDecompress> = {
  gzip: () => createGunzip({ chunkSize: OUTPUT_BYTES }),
  zstd: () => createZstdDecompress({ chunkSize: OUTPUT_BYTES }),
};

/** A zstd file may have frames that hold something else than content. */
const ZSTD_SKIPPABLE = Buffer.from([0x2a, 0x4d, 0x18]);

const NAMES: Record<string, Compression | 'zip'> = { gz: 'gzip', zst: 'zstd', zip: 'zip' };
const MAGIC_BYTES = 4;
const MAGIC: readonly [Compression, Buffer][] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/**
 * How a file is compressed, by its name and else by its first bytes, which no text begins with. By its name first: an
 * empty file called `.gz` is one that was cut short.
 */
export async function compressionOf(path: string, raw: Content): Promise<Compression | 'zip' | null> {
  const byName = NAMES[/\.(gz|zst|zip)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (byName !== undefined) return byName;
  const head = await readRange(raw, 0, SHORT_HEAD_BYTES);
  if (isZipArchive(head)) return 'zip';
  return MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0] ?? null;
}

/** The members (gzip) or frames (zstd) of a file, one after another. */
export class Members implements Decompression {
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

  async *content(): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    await this.#requireMember();
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
      if (messageOf(error) === NO_HEADER) throw this.#trailing();
      throw malformed(this.#path, this.#compression, position(), error);
    }
  }

  /** A name that ends with .gz makes no gzip file. */
  async #requireMember(): Promise<void> {
    const head = await readRange(this.#raw, 0, SHORT_HEAD_BYTES);
    if (mayBegin(this.#compression, head)) return;
    const other =
      otherFormat(head) ?? `is no ${this.#compression} file, though it is called one; give it its own name`;
    throw notDecompressed(this.#path, other);
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
    const head = await readRange(this.#raw, position, position + MAGIC_BYTES);
    if (mayBegin(this.#compression, head)) return position;
    throw this.#trailing();
  }

  #trailing(): HeadraceError {
    const what = `goes on behind the end of its ${this.#compression} data with what is none`;
    return notDecompressed(this.#path, `${what}; cut that off, or have the file sent again`);
  }
}

/** Whether a member begins so, as far as bytes are there: what is cut short will be found out. */
function mayBegin(compression: Compression, head: Buffer): boolean {
  const [, magic] = MAGIC.find(([known]) => known === compression) as (typeof MAGIC)[number];
  const length = Math.min(head.length, magic.length);
  if (head.subarray(0, length).equals(magic.subarray(0, length))) return true;
  const isSkippable =
    ((head[0] ?? 0) & 0xf0) === 0x50 && head.subarray(1, MAGIC_BYTES).equals(ZSTD_SKIPPABLE);
  return compression === 'zstd' && isSkippable;
}
