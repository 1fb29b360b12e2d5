import type { CellTarget } from '../plugin/index.ts';

/*
 * Avro's binary encoding (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding). Each function writes at
 * `at`, where there must be room, and gives the end.
 */

/** The most bytes of an int or long. */
export const MAX_LONG_BYTES = 10;

const LOW_BITS = 28;
const LOW_MASK = 0xfffffff;
const MAX_INT = 0x7fffffff;
const WORD = 2 ** 32;
const HALF_WORD = 2 ** 16;

/** A whole number of at most 52 bits. */
export function writeLong({ buffer }: CellTarget, from: number, value: number): number {
  const rest = value < 0 ? -2 * value - 1 : 2 * value;
  if (rest <= MAX_INT) return writeRest(buffer, from, rest);
  // Bitwise operators take the low 32 bits, whatever is above.
  const low = rest & LOW_MASK;
  return writeRest(buffer, writeFull(buffer, from, low), (rest - low) / 2 ** LOW_BITS);
}

/** `high * 10^9 + low`, negated on request, for whole numbers that are not negative: below 2^33 and 10^9. */
export function writeLongOf(
  { buffer }: CellTarget,
  at: number,
  high: number,
  low: number,
  negative: boolean,
): number {
  // By halves of a word, so that nothing passes 53 bits.
  const highUpper = Math.floor(high / HALF_WORD);
  const upper = highUpper * 1e9;
  const upperWord = Math.floor(upper / HALF_WORD);
  const lower = (upper - upperWord * HALF_WORD) * HALF_WORD + (high - highUpper * HALF_WORD) * 1e9 + low;
  const carry = Math.floor(lower / WORD);
  const loWord = (lower - carry * WORD) >>> 0;
  const hiWord = upperWord + carry;
  let lo = loWord << 1;
  let hi = (hiWord << 1) | (loWord >>> 31);
  if (negative && (lo | hi) !== 0) {
    if (lo === 0) hi--;
    lo--;
  }
  return writeWords(buffer, at, lo, hi);
}

/** 64 bits, seven to a byte. */
function writeWords(buffer: Buffer, from: number, lo: number, hi: number): number {
  const first = lo & LOW_MASK;
  const second = ((lo >>> LOW_BITS) | (hi << (32 - LOW_BITS))) & LOW_MASK;
  const third = hi >>> (2 * LOW_BITS - 32);
  if ((second | third) === 0) return writeRest(buffer, from, first);
  const at = writeFull(buffer, from, first);
  return third === 0
    ? writeRest(buffer, at, second)
    : writeRest(buffer, writeFull(buffer, at, second), third);
}

/** 28 bits that more follow. */
function writeFull(buffer: Buffer, at: number, bits: number): number {
  buffer[at] = bits | 0x80;
  buffer[at + 1] = (bits >>> 7) | 0x80;
  buffer[at + 2] = (bits >>> 14) | 0x80;
  buffer[at + 3] = (bits >>> 21) | 0x80;
  return at + 4;
}

/** The last bits. */
function writeRest(buffer: Buffer, from: number, bits: number): number {
  let at = from;
  let rest = bits;
  while (rest > 0x7f) {
    buffer[at++] = rest | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

/** Any long. */
export function writeBigLong({ buffer }: CellTarget, from: number, value: bigint): number {
  let at = from;
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest > 0x7fn) {
    buffer[at++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  buffer[at++] = Number(rest);
  return at;
}

/** Bytes with their length before them, or a fixed's without. */
export function writeBytes(target: CellTarget, from: number, bytes: Uint8Array, isFixed: boolean): number {
  const at = isFixed ? from : writeLong(target, from, bytes.length);
  target.buffer.set(bytes, at);
  return at + bytes.length;
}

/** A whole number of at most 52 bits as a decimal's bytes; `size` is a fixed's. */
export function writeUnscaled(target: CellTarget, from: number, value: number, size: number | null): number {
  const { buffer } = target;
  const length = size ?? bytesOf(value);
  const at = size === null ? writeLong(target, from, length) : from;
  let i = at + length - 1;
  let rest = value;
  for (; (rest | 0) !== rest; i--) {
    buffer[i] = rest & 0xff;
    rest = Math.floor(rest / 256);
  }
  for (let word = rest | 0; i >= at; i--, word >>= 8) buffer[i] = word;
  return at + length;
}

/** How many bytes a whole number takes in two's complement. */
function bytesOf(value: number): number {
  const word = value | 0;
  if (word === value) return ((32 - Math.clz32(word < 0 ? ~word : word)) >>> 3) + 1;
  const magnitude = value < 0 ? -value - 1 : value;
  let bytes = 4;
  for (let limit = 2 ** 31; magnitude >= limit; limit *= 256) bytes++;
  return bytes;
}
