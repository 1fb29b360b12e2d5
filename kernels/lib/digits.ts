import { ZERO } from './ascii.ts';
import { IN_BOTH_HALVES, LANES } from './lanes.ts';

/*
 * Where digits are, 16 bytes at once, and digits as numbers and numbers as digits, eight at once in a word, the first in its
 * lowest byte (Daniel Lemire, Quickly parsing eight digits).
 */

/** The most digits of `wholeNumber`, and the largest scale of `fraction`. */
export const NUMBER_DIGITS: u32 = 16;
/** The most digits of `shortNumber` and `pointedNumber`. */
export const WORD_DIGITS: u32 = 8;
const FOUR_DIGITS: u64 = 10000;
const EIGHT_DIGITS: u64 = 100000000;
const EIGHT_ZEROS: u64 = 0x30303030 * IN_BOTH_HALVES;
/** Weights of the two halves of each pair, four and eight: the first counts for more. */
const TENS: u64 = 1 + (10 << 8);
const HUNDREDS: u64 = 1 + (100 << 16);
const TEN_THOUSANDS: u64 = 1 + (FOUR_DIGITS << 32);

/** Which of the 16 bytes at `at` are digits, the first in the lowest bit. */
export function digitsAt(at: usize): u32 {
  const values = i8x16.sub(v128.load(at), i8x16.splat(<i8>ZERO));
  return i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9)));
}

/** Which of the 16 bytes at `at` are zeros. */
export function zerosAt(at: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>ZERO)));
}

/** The first byte that is not a digit, or `end`. */
export function digitsEnd(start: usize, end: usize): usize {
  let at = start;
  while (at < end) {
    // The bits behind the 16 count as none.
    const digits: usize = ctz(~digitsAt(at));
    at += digits;
    if (digits < LANES) break;
  }
  return at < end ? at : end;
}

/** The whole number that the digits at `at` make, 1 to 16 of them. */
export function wholeNumber(at: usize, length: u32): u64 {
  if (length <= WORD_DIGITS) return shortNumber(at, length, 0);
  const before = length - WORD_DIGITS;
  return shortNumber(at, before, 0) * EIGHT_DIGITS + shortNumber(at + before, WORD_DIGITS, 0);
}

/** The digits at `at`, 1 to `scale` of them, as a number of 10^-scale, which `unit` is the inverse of. */
export function fraction(at: usize, length: u32, scale: u32, unit: u64): u64 {
  if (scale <= WORD_DIGITS) return shortNumber(at, length, scale - length);
  const first = min(length, WORD_DIGITS);
  const high = shortNumber(at, first, WORD_DIGITS - first) * (unit / EIGHT_DIGITS);
  return length <= WORD_DIGITS
    ? high
    : high + shortNumber(at + WORD_DIGITS, length - WORD_DIGITS, scale - length);
}

/** The number that digits make with zeros behind them, 1 to 8 in all. */
export function shortNumber(at: usize, length: u32, zeros: u32): u64 {
  return wordNumber(load<u64>(at), length, zeros);
}

/** The number that `length` digits make, 1 to 8 of them, of which `whole`, fewer, stand before a point and the others behind it. */
export function pointedNumber(at: usize, length: u32, whole: u32): u64 {
  const before = ((<u64>1) << ((<u64>whole) << 3)) - 1;
  return wordNumber((load<u64>(at) & before) | (load<u64>(at, 1) & ~before), length, 0);
}

/** Summed up in pairs, in fours, in eights. */
function wordNumber(word: u64, length: u32, zeros: u32): u64 {
  const values = word - EIGHT_ZEROS;
  const digits = (values << ((<u64>(WORD_DIGITS - length)) << 3)) >> ((<u64>zeros) << 3);
  const pairs = (digits * TENS) >> 8;
  const fours = ((pairs & (0x00ff00ff * IN_BOTH_HALVES)) * HUNDREDS) >> 16;
  return ((fours & 0x0000ffff0000ffff) * TEN_THOUSANDS) >> 32;
}

/** Writes the digits of a whole number and gives the end. */
export function writeNumber(at: usize, value: u64): usize {
  let rest = value;
  let to = at;
  if (value >= EIGHT_DIGITS) {
    const before = value / EIGHT_DIGITS;
    rest = value - before * EIGHT_DIGITS;
    if (before >= EIGHT_DIGITS) {
      const first = before / EIGHT_DIGITS;
      to = writeFull(writeShort(to, first), before - first * EIGHT_DIGITS);
    } else to = writeShort(to, before);
    return writeFull(to, rest);
  }
  return writeShort(to, rest);
}

/** Below 10^8, without zeros before it. */
function writeShort(at: usize, value: u64): usize {
  const digits = eightDigits(value);
  const zeros = value === 0 ? 7 : <u32>ctz(digits) >> 3;
  store<u64>(at, (digits | EIGHT_ZEROS) >> ((<u64>zeros) << 3));
  return at + 8 - zeros;
}

function writeFull(at: usize, value: u64): usize {
  store<u64>(at, eightDigits(value) | EIGHT_ZEROS);
  return at + 8;
}

/** A number below 10^8 as a digit in each byte, the first in the lowest: split in halves by multiplications at once. */
function eightDigits(value: u64): u64 {
  const first = value / FOUR_DIGITS;
  const fours = first | ((value - first * FOUR_DIGITS) << 32);
  const hundreds = ((fours * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}
