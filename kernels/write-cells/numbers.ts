import { DOT, MINUS, ZERO } from '../lib/ascii.ts';
import { digitsAt, fraction, NUMBER_DIGITS, pointedNumber, WORD_DIGITS, wholeNumber } from '../lib/digits.ts';
import { LONG_BYTES } from '../lib/sizes.ts';
import { writeLongVarlong } from '../lib/varint.ts';
import { EXACT_POWERS } from './layout.ts';

/** No long has more. */
const LONG_DIGITS: u32 = 19;
const TEN_TO_16: u64 = 10000000000000000;
const SIGN_BIT: u64 = 0x8000000000000000;
/** A double has every whole number up to this. */
const EXACT_MAX: u64 = 0x20000000000000;

/** Writes a whole number in its plain form as Avro's long, and gives the end; 0 when it is none. */
export function writeWhole(at: usize, start: usize, end: usize): usize {
  const isNegative = <u32>load<u8>(start) === MINUS;
  const first = start + usize(isNegative);
  const length = <u32>(end - first);
  if (length > LONG_DIGITS) return 0;
  const value = length <= NUMBER_DIGITS ? wholeNumber(first, length) : longNumber(first, length);
  if (value >= SIGN_BIT + u64(isNegative)) return 0;
  return writeLongVarlong(at, isNegative ? -(<i64>value) : <i64>value);
}

function longNumber(at: usize, length: u32): u64 {
  const before = length - NUMBER_DIGITS;
  return wholeNumber(at, before) * TEN_TO_16 + wholeNumber(at + before, NUMBER_DIGITS);
}

/**
 * The double that a plain number stands for. The digits and the power of ten are both exact, and one division rounds once
 * (William Clinger, How to Read Floating Point Numbers Accurately). NaN when that is not so, or in another form.
 *
 * @param powers of ten, from 1 to 10^22, which are all that a double has
 */
export function doubleOf(start: usize, end: usize, powers: usize): f64 {
  const isNegative = <u32>load<u8>(start) === MINUS;
  const first = start + usize(isNegative);
  const length = <u32>(end - first);
  if (length > NUMBER_DIGITS) return longDoubleOf(first, end, powers, isNegative);
  const others = ~digitsAt(first) & ((1 << length) - 1);
  if (others === 0) return quotient(wholeNumber(first, length), powers, 0, isNegative);
  const whole = ctz(others);
  if ((others & (others - 1)) !== 0 || <u32>load<u8>(first + whole) !== DOT) return NaN;
  const scale = length - whole - 1;
  if (length - 1 <= WORD_DIGITS)
    return exactQuotient(pointedNumber(first, length - 1, whole), powers, scale, isNegative);
  const unit = <u64>load<f64>(powers + scale * LONG_BYTES);
  const digits = wholeNumber(first, whole) * unit + fraction(first + whole + 1, scale, scale, unit);
  return quotient(digits, powers, scale, isNegative);
}

/** Digit by digit. */
function longDoubleOf(first: usize, end: usize, powers: usize, isNegative: bool): f64 {
  let digits: u64 = 0;
  let point = end;
  for (let at = first; at < end && digits <= EXACT_MAX; at++) {
    const byte: u32 = load<u8>(at);
    if (byte === DOT && point === end) point = at;
    else if (byte - ZERO > 9) return NaN;
    else digits = digits * 10 + (byte - ZERO);
  }
  const scale = point < end ? <u32>(end - point - 1) : 0;
  return scale > <u32>EXACT_POWERS ? NaN : quotient(digits, powers, scale, isNegative);
}

function quotient(digits: u64, powers: usize, scale: u32, isNegative: bool): f64 {
  return digits > EXACT_MAX ? NaN : exactQuotient(digits, powers, scale, isNegative);
}

/** Of digits that a double has. */
function exactQuotient(digits: u64, powers: usize, scale: u32, isNegative: bool): f64 {
  const value = <f64>(<i64>digits) / load<f64>(powers + scale * LONG_BYTES);
  return reinterpret<f64>(reinterpret<u64>(value) | ((<u64>isNegative) << 63));
}
