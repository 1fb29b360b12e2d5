import { Damaged, NoStream } from '../damaged.ts';
import { BitReader } from './bit-reader.ts';
import { readBlock } from './block.ts';
import { BlockText } from './block-text.ts';

const OUTPUT_BYTES = 256 * 1024;
/** Bytes of a block, for each step of the level. */
const LEVEL_BYTES = 100_000;
/** What these take in the file, each 20 bits at most, and what a block's tables take. */
const LEVEL_ROOM = (LEVEL_BYTES * 20) / 8;
const TABLES_ROOM = 64 * 1024;
const HEADER_BYTES = 4;
const HEADER = 0x425a68;
const DIGIT_0 = 0x30;
/** Halves of the number that a block begins with, and the end of a stream. */
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;

/**
 * Takes bzip2 streams apart that stand one behind another, with zeros between them or without
 * (https://sourceware.org/bzip2/). No more is held than one block, which is at most 900 kB before its runs are written out.
 */
export class Bunzip2 {
  readonly #raw: AsyncIterator<Buffer>;
  readonly #reader = new BitReader();
  #isEnd = false;

  constructor(raw: AsyncIterable<Buffer>) {
    this.#raw = raw[Symbol.asyncIterator]();
  }

  /** Bytes of the file that are needed for what was given so far. */
  get used(): number {
    return this.#reader.used;
  }

  /** @throws Damaged, NoStream */
  async *content(): AsyncGenerator<Buffer, void, undefined> {
    try {
      do yield* this.#stream();
      while (await this.#hasNext());
    } finally {
      await this.#raw.return?.();
    }
  }

  async *#stream(): AsyncGenerator<Buffer, void, undefined> {
    const reader = this.#reader;
    await this.#hold(HEADER_BYTES);
    const level = readLevel(reader);
    const links = new Uint32Array(level * LEVEL_BYTES);
    let combined = 0;
    for (;;) {
      await this.#hold(level * LEVEL_ROOM + TABLES_ROOM);
      if (!beginsBlock(reader)) break;
      const block = readBlock(reader, links);
      const text = new BlockText(links, block);
      yield* piecesOf(text);
      if (text.crc !== block.crc) throw new Damaged('it has a block with another checksum than it says');
      combined = ((combined << 1) | (combined >>> 31)) ^ block.crc;
    }
    if (reader.word() !== combined >>> 0) throw new Damaged('it has another checksum than it says');
    reader.align();
  }

  /** Whether another stream follows, to whose beginning zeros are passed over. */
  async #hasNext(): Promise<boolean> {
    const reader = this.#reader;
    for (;;) {
      await this.#hold(1);
      if (reader.left === 0) return false;
      if (reader.peek(8) !== 0) break;
      reader.skip(8);
    }
    await this.#hold(HEADER_BYTES);
    const bits = 8 * Math.min(reader.left, HEADER_BYTES - 1);
    if (reader.peek(bits) !== HEADER >>> (24 - bits)) throw new NoStream();
    return true;
  }

  /** Has so many bytes at hand, or all that there are. */
  async #hold(count: number): Promise<void> {
    while (!this.#isEnd && this.#reader.left < count) {
      const { value, done } = await this.#raw.next();
      if (done) this.#isEnd = true;
      else this.#reader.add(value);
    }
  }
}

function readLevel(reader: BitReader): number {
  if (reader.take(24) !== HEADER) throw new NoStream();
  const level = reader.take(8) - DIGIT_0;
  if (level < 1 || level > 9) throw new NoStream();
  return level;
}

function beginsBlock(reader: BitReader): boolean {
  const halves = [reader.take(24), reader.take(24)] as const;
  const is = (number: readonly [number, number]) => halves[0] === number[0] && halves[1] === number[1];
  if (!is(BLOCK) && !is(END)) throw new Damaged('it has no block where one begins');
  return is(BLOCK);
}

function* piecesOf(text: BlockText): Generator<Buffer> {
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
    const length = text.read(piece);
    if (length > 0) yield piece.subarray(0, length);
    if (length < OUTPUT_BYTES) return;
  }
}
