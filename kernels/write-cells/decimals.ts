import { DOT, MINUS, ZERO } from '../lib/ascii.ts';
import { digitsEnd, fraction, NUMBER_DIGITS, wholeNumber } from '../lib/digits.ts';
import { WORD_BYTES } from '../lib/sizes.ts';
import { LONG_DIGITS, NUMBER, SCALE, UNIT, WHOLE_DIGITS, WORDS } from './decimals-layout.ts';

const ALL_BITS: u64 = 0xffffffff;
/** A word holds the numbers of so many digits. */
const WORD_DIGITS: u32 = 9;

/**
 * Puts a decimal in its plain form as a whole number of 10^-scale, in two's complement, to `NUMBER`, and gives how many
 * bytes it takes there; 0 when it has more digits before the point than are taken or more behind it, but for zeros.
 */
export function placeDecimal(decimals: usize, start: usize, end: usize): u32 {
  const isNegative = <u32>load<u8>(start) === MINUS;
  let first = start + usize(isNegative);
  while (first + 1 < end && <u32>load<u8>(first) === ZERO && <u32>load<u8>(first, 1) !== DOT) first++;
  const point = digitsEnd(first, end);
  const whole = <u32>(point - first);
  if (
    whole === 0 ||
    (whole > load<u32>(decimals, WHOLE_DIGITS) && (whole > 1 || <u32>load<u8>(first) !== ZERO))
  )
    return 0;
  const scale = load<u32>(decimals, SCALE);
  const unit = load<u64>(decimals, UNIT);
  let last = end;
  while (last > point + 1 + scale) if (<u32>load<u8>(--last) !== ZERO) return 0;
  if (whole > NUMBER_DIGITS || scale > NUMBER_DIGITS || whole + scale > <u32>LONG_DIGITS) {
    return placeLarge(decimals, first, point, last, isNegative);
  }
  let digits = wholeNumber(first, whole) * unit;
  if (last > point + 1) digits += fraction(point + 1, <u32>(last - point - 1), scale, unit);
  const value = isNegative ? -(<i64>digits) : <i64>digits;
  store<i64>(decimals, value, NUMBER);
  return ((64 - <u32>clz(value ^ (value >> 63))) >> 3) + 1;
}

/** Numbers beyond a long, nine digits at a time. */
function placeLarge(decimals: usize, first: usize, point: usize, last: usize, isNegative: bool): u32 {
  const number = decimals + NUMBER;
  const size = load<u32>(decimals, WORDS) * WORD_BYTES;
  memory.fill(number, 0, size);
  let digits: u32 = 0;
  let factor: u32 = 1;
  let part: u32 = 0;
  const end = point + 1 + load<u32>(decimals, SCALE);
  for (let at = first; at < end; at++) {
    if (at === point) continue;
    part = part * 10 + (at < last ? <u32>load<u8>(at) - ZERO : 0);
    factor *= 10;
    if (++digits % WORD_DIGITS !== 0) continue;
    multiply(number, size, factor, part);
    factor = 1;
    part = 0;
  }
  multiply(number, size, factor, part);
  if (isNegative) negate(number, size);
  return bytesOf(number, size);
}

/** Multiplies a number by a factor and adds to it. */
function multiply(number: usize, size: usize, factor: u32, added: u32): void {
  let carry: u64 = added;
  for (let at = number; at < number + size; at += WORD_BYTES) {
    carry += <u64>load<u32>(at) * factor;
    store<u32>(at, <u32>carry);
    carry >>= 32;
  }
}

function negate(number: usize, size: usize): void {
  let carry: u64 = 1;
  for (let at = number; at < number + size; at += WORD_BYTES) {
    carry += <u64>load<u32>(at) ^ ALL_BITS;
    store<u32>(at, <u32>carry);
    carry >>= 32;
  }
}

/** How many bytes it takes when those are left out that only repeat the sign. */
function bytesOf(number: usize, size: usize): u32 {
  let last = number + size - 1;
  const sign = <u32>(<i32>load<i8>(last) >> 7) & 0xff;
  while (last > number && <u32>load<u8>(last) === sign && ((<u32>load<u8>(last - 1) ^ sign) & 0x80) === 0)
    last--;
  return <u32>(last - number) + 1;
}
