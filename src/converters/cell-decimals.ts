import { MAX_LONG_BYTES, writeBytes, writeUnscaled } from './avro-binary.ts';
import type { CellForm } from './avro-cell-forms.ts';
import { twosComplement, unscaledOf } from './decimal.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** A double has every whole number of so many digits. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);
/** More than a digit takes in two's complement, and one for the sign. */
const BYTES_A_DIGIT = 0.5;

/** Decimals as bytes, or as a fixed of `size` bytes, which every number of the precision must fit. */
export function decimalForm(precision: number, scale: number, size: number | null): CellForm {
  return {
    extraBytes: MAX_LONG_BYTES + Math.max(size ?? 0, Math.ceil(BYTES_A_DIGIT * precision) + 1),
    fits: (bytes, start, end) => fitsDecimal(bytes, start, end, precision, scale),
    write(target, at, { bytes }, start, end) {
      const value = unscaledCell(bytes, start, end, scale);
      if (!Number.isNaN(value)) return writeUnscaled(target, at, value, size);
      const whole = twosComplement(unscaledOf(bytes.toString('latin1', start, end), scale) as bigint);
      if (size === null) return writeBytes(target, at, whole, false);
      target.buffer.fill(bytes[start] === MINUS ? 0xff : 0, at, at + size - whole.length);
      return writeBytes(target, at + size - whole.length, whole, true);
    },
  };
}

/** A plain decimal as a whole number of 10^-scale; NaN when a double may not have it. */
export function unscaledCell(bytes: Buffer, start: number, end: number, scale: number): number {
  const negative = bytes[start] === MINUS;
  let value = 0;
  let digits = 0;
  let fraction = 0;
  let i = negative ? start + 1 : start;
  for (; i < end && bytes[i] !== DOT; i++, digits++) value = value * 10 + (bytes[i] as number) - ZERO;
  for (i++; i < end && fraction < scale; i++, fraction++) value = value * 10 + (bytes[i] as number) - ZERO;
  if (digits + scale > EXACT_DIGITS) return Number.NaN;
  value *= POWERS[scale - fraction] as number;
  // No zero has a sign.
  return negative ? 0 - value : value;
}

/** Whether a plain decimal has at most `precision - scale` digits before the point and `scale` after it, but for zeros. */
export function fitsDecimal(
  bytes: Buffer,
  start: number,
  end: number,
  precision: number,
  scale: number,
): boolean {
  let i = bytes[start] === MINUS ? start + 1 : start;
  while (i < end && bytes[i] === ZERO) i++;
  const first = i;
  while (i < end && bytes[i] !== DOT) i++;
  if (i - first > precision - scale) return false;
  for (let at = i + 1 + scale; at < end; at++) if (bytes[at] !== ZERO) return false;
  return true;
}
