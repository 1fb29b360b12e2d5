import { crc32 } from 'node:zlib';
import { allocate, orRelease, release } from '../../../src/rows/index.ts';
import type { StoredFile } from '../file-store.ts';

/** For the beginning of a row whose end comes with the next piece. */
const ROOM_BEFORE = 16 * 1024;
/**
 * Bytes of one read at most: what is paid for each batch does not show then, and several can be held. The first reads
 * are shorter, so that the rows of a small file do not come all at once.
 */
const READ_BYTES = 1024 * 1024 - ROOM_BEFORE;
const FIRST_READ_BYTES = 256 * 1024 - ROOM_BEFORE;
const SMALLEST_READ_BYTES = 4 * 1024;
/** A read is no longer than this part of what was read before it. */
const GROWTH = 1 / 8;

/** Bytes of a content, and the block that they stand in, if one goes with them; see `SourceChunk`. */
export interface Piece {
  readonly bytes: Buffer;
  readonly block?: Buffer;
}

/** The rows' bytes of an open file, by position. */
export interface Content {
  /** Bytes from `from` up to `to`, or to what is the end when it gets there. No buffer is touched again. */
  read(from: number, to?: number): AsyncGenerator<Buffer, void, undefined>;
  /** Bytes from `from` up to what is the end when it gets there, for a parser. */
  pieces(from: number): AsyncGenerator<Piece, void, undefined>;
  /** Bytes on disk that were needed for what was given so far, where those are not the same bytes. */
  readonly diskPosition?: number;
}

/** A file whose bytes are its content. */
export class PlainContent implements Content {
  readonly #file: StoredFile;

  constructor(file: StoredFile) {
    this.#file = file;
  }

  async *read(from: number, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Buffer, void, undefined> {
    let position = from;
    while (position < to) {
      const length = Math.min(to - position, this.#readLength(from, position));
      const bytes = await this.#readInto(Buffer.allocUnsafeSlow(length), position);
      if (bytes.length === 0) return;
      position += bytes.length;
      yield bytes;
    }
  }

  async *pieces(from: number): AsyncGenerator<Piece, void, undefined> {
    let position = from;
    while (true) {
      const end = ROOM_BEFORE + this.#readLength(from, position);
      const block = allocate(2 * end);
      const read = this.#readInto(block.subarray(ROOM_BEFORE, end), position);
      const bytes = await orRelease(block, read);
      if (bytes.length === 0) return release(block);
      position += bytes.length;
      yield { bytes, block };
    }
  }

  /** A small file must not hold a large buffer while its few rows wait in the pipeline. */
  #readLength(from: number, position: number): number {
    const most = Math.min(READ_BYTES, Math.max(FIRST_READ_BYTES, Math.floor(GROWTH * (position - from))));
    return Math.min(most, Math.max(SMALLEST_READ_BYTES, this.#file.version.size - position));
  }

  async #readInto(buffer: Buffer, position: number): Promise<Buffer> {
    return buffer.subarray(0, await this.#file.read(buffer, position));
  }
}

/** Bytes `from` up to `to` in one piece; fewer when the content ends before. */
export async function readRange(content: Content, from: number, to: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content.read(from, to)) pieces.push(piece);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** CRC-32 of the first `to` bytes; null when the content is shorter. */
export async function crcOfFirst(content: Content, to: number): Promise<number | null> {
  let crc = 0;
  let length = 0;
  for await (const piece of content.read(0, to)) {
    crc = crc32(piece, crc);
    length += piece.length;
  }
  return length === to ? crc : null;
}
