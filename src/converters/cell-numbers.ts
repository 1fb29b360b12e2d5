import { MAX_LONG_BYTES, writeBigLong, writeLong, writeLongOf } from './avro-binary.ts';
import type { CellForm } from './avro-cell-forms.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** A double has every whole number of so many digits. */
const EXACT_DIGITS = 15;
/** Below 10^9 * 10^9. */
const TWO_PART_DIGITS = 18;
const PART_DIGITS = 9;

const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/**
 * The double that a plain number stands for. Of at most 15 digits, the digits and the power of ten are both exact and
 * one division rounds once (William Clinger, How to Read Floating Point Numbers Accurately).
 */
export function cellDouble(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  // One more for the point.
  if (end - first > EXACT_DIGITS + 1) return general(bytes, start, end);
  let digits = 0;
  let i = first;
  for (; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < ZERO || byte > NINE) break;
    digits = digits * 10 + byte - ZERO;
  }
  if (i < end) {
    if (bytes[i] !== DOT) return general(bytes, start, end);
    const fraction = end - i - 1;
    for (i++; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte < ZERO || byte > NINE) return general(bytes, start, end);
      digits = digits * 10 + byte - ZERO;
    }
    digits /= POWERS[fraction] as number;
  } else if (end - first > EXACT_DIGITS) return general(bytes, start, end);
  return negative ? -digits : digits;
}

function general(bytes: Buffer, start: number, end: number): number {
  return Number(bytes.toString('latin1', start, end));
}

/** Ints and longs. */
export const wholeForm: CellForm = {
  extraBytes: MAX_LONG_BYTES,
  fits: null,
  write(target, at, { bytes }, start, end) {
    const negative = bytes[start] === MINUS;
    const first = negative ? start + 1 : start;
    const length = end - first;
    if (length > TWO_PART_DIGITS)
      return writeBigLong(target, at, BigInt(bytes.toString('latin1', start, end)));
    if (length <= EXACT_DIGITS) {
      const value = cellDigits(bytes, first, end);
      return writeLong(target, at, negative ? -value : value);
    }
    const middle = end - PART_DIGITS;
    const high = cellDigits(bytes, first, middle);
    return writeLongOf(target, at, high, cellDigits(bytes, middle, end), negative);
  },
};

/** The number that digits make; at most 15 of them. */
export function cellDigits(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i] as number) - ZERO;
  return value;
}
