import { Damaged } from '../damaged.ts';
import type { BitReader } from './bit-reader.ts';
import { HuffmanCode, LONGEST_CODE } from './huffman.ts';

/** Symbols that are spelled by the same code, one after another. */
const GROUP_SYMBOLS = 50;
const RUN_B = 1;
/** A run has fewer bits than a block may be long. */
const LONGEST_RUN_BITS = 21;

/** What a block says of itself before its symbols. */
interface BlockTables {
  /** The bytes that are in it, the smallest first. */
  readonly bytes: Uint8Array;
  readonly codes: readonly HuffmanCode[];
  /** By group: its code. */
  readonly selectors: Uint8Array;
}

/** A block as it was before it was sorted: where its text begins, and for each byte where the next one stands. */
export interface Block {
  readonly crc: number;
  readonly begin: number;
  readonly length: number;
}

/**
 * Reads a block behind its magic number.
 *
 * @param links gets the block: a byte of its text in the lowest 8 bits, and above it the place of the next one
 * @throws Damaged
 */
export function readBlock(reader: BitReader, links: Uint32Array): Block {
  const crc = reader.word();
  if (reader.take(1) === 1) throw new Damaged('it is of a bzip2 before 0.9.5, which nobody reads any more');
  const origin = reader.take(24);
  const tables = readTables(reader);
  const counts = new Uint32Array(256);
  const length = readSymbols(reader, tables, links, counts);
  if (origin >= length) throw new Damaged('it has a block that begins behind its end');
  link(links, length, counts);
  return { crc, length, begin: (links[origin] as number) >>> 8 };
}

function readTables(reader: BitReader): BlockTables {
  const bytes = readBytes(reader);
  const codeCount = reader.take(3);
  const selectorCount = reader.take(15);
  if (bytes.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount === 0)
    throw new Damaged('it has a block that cannot be');
  const selectors = readSelectors(reader, codeCount, selectorCount);
  const codes = Array.from({ length: codeCount }, () => readCode(reader, bytes.length + 2));
  return { bytes, codes, selectors };
}

function readBytes(reader: BitReader): Uint8Array {
  const bytes: number[] = [];
  const ranges = reader.take(16);
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >>> range)) === 0) continue;
    const used = reader.take(16);
    for (let low = 0; low < 16; low++) if ((used & (0x8000 >>> low)) !== 0) bytes.push(16 * range + low);
  }
  return Uint8Array.from(bytes);
}

/** Each is told by how many others were used since it was. */
function readSelectors(reader: BitReader, codeCount: number, count: number): Uint8Array {
  const selectors = new Uint8Array(count);
  const recent = Uint8Array.from({ length: codeCount }, (_, code) => code);
  for (let group = 0; group < count; group++) {
    let place = 0;
    while (reader.take(1) === 1) {
      if (++place >= codeCount) throw new Damaged('it has a block of codes that are not there');
    }
    selectors[group] = toFront(recent, place);
  }
  return selectors;
}

/** The length of each symbol's code is told by its difference to the one before. */
function readCode(reader: BitReader, symbolCount: number): HuffmanCode {
  const lengths = new Uint8Array(symbolCount);
  let length = reader.take(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE) throw new Damaged('it has a table of codes that cannot be');
      if (reader.take(1) === 0) break;
      length += reader.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return new HuffmanCode(lengths);
}

/** Writes the bytes of a block into `links` and counts each; gives how many there are. */
function readSymbols(
  reader: BitReader,
  { bytes, codes, selectors }: BlockTables,
  links: Uint32Array,
  counts: Uint32Array,
): number {
  const recent = Uint8Array.from(bytes);
  const end = bytes.length + 1;
  let length = 0;
  let run = 0;
  let runBits = 0;
  for (const selector of selectors) {
    const code = codes[selector] as HuffmanCode;
    for (let index = 0; index < GROUP_SYMBOLS; index++) {
      const symbol = code.next(reader);
      if (symbol <= RUN_B) {
        run += (symbol + 1) << runBits++;
        if (runBits > LONGEST_RUN_BITS) throw tooLong();
        continue;
      }
      if (runBits > 0) {
        length = repeat(recent[0] as number, run, links, counts, length);
        run = 0;
        runBits = 0;
      }
      if (symbol === end) return length;
      if (length >= links.length) throw tooLong();
      const byte = toFront(recent, symbol - 1);
      counts[byte] = (counts[byte] as number) + 1;
      links[length++] = byte;
    }
  }
  throw new Damaged('it has a block without an end');
}

function repeat(byte: number, times: number, links: Uint32Array, counts: Uint32Array, from: number): number {
  const to = from + times;
  if (to > links.length) throw tooLong();
  links.fill(byte, from, to);
  counts[byte] = (counts[byte] as number) + times;
  return to;
}

/** What was used last stands first. */
function toFront(recent: Uint8Array, place: number): number {
  const byte = recent[place] as number;
  for (let at = place; at > 0; at--) recent[at] = recent[at - 1] as number;
  recent[0] = byte;
  return byte;
}

/** Takes the sorting back: whoever knows the last bytes of all sorted rotations knows each next one. */
function link(links: Uint32Array, length: number, counts: Uint32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte] as number;
    counts[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at++) {
    const byte = (links[at] as number) & 0xff;
    const place = counts[byte] as number;
    counts[byte] = place + 1;
    links[place] = (links[place] as number) | (at << 8);
  }
}

function tooLong(): Damaged {
  return new Damaged('it has a block that is longer than it says');
}
