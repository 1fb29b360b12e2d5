/*
 * Reads numbers from the digits of cells without making text of them. What stands there is known to be a number in its
 * plain form, `-12.5`: nothing is checked.
 */

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** A double has every whole number of so many digits. */
const EXACT_DIGITS = 15;
/** An element read as a bigint costs a fraction of what `BigInt` of a number does. */
const WHOLE = new BigInt64Array(1);
/** Numbers stored here keep their last 32 bits. */
const HALVES = new Int32Array(WHOLE.buffer);
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;
const POWERS = Float64Array.from({ length: EXACT_DIGITS }, (_, power) => 10 ** power);

/**
 * What `Number` makes of the text. Of at most 15 digits, the digits and the power of ten are both exact, and one
 * division rounds once (William Clinger, How to Read Floating Point Numbers Accurately).
 */
export function numberOf(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let at = negative ? start + 1 : start;
  if (end - at > EXACT_DIGITS) return Number(bytes.toString('latin1', start, end));
  let number = 0;
  let fraction = 0;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === DOT) fraction = end - at - 1;
    else number = number * 10 + byte - ZERO;
  }
  if (fraction > 0) number /= POWERS[fraction] as number;
  return negative ? -number : number;
}

/** What `BigInt` makes of the text of a whole number. */
export function bigintOf(bytes: Buffer, start: number, end: number): bigint {
  if (end - start > EXACT_DIGITS) return BigInt(bytes.toString('latin1', start, end));
  const number = numberOf(bytes, start, end);
  HALVES[LOW] = number;
  HALVES[1 - LOW] = Math.floor(number / 2 ** 32);
  return WHOLE[0] as bigint;
}
