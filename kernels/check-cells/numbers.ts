import { DOT, MINUS, ZERO } from '../lib/ascii.ts';
import { digitsAt, digitsEnd, zerosAt } from '../lib/digits.ts';

/** A double keeps so many digits, so its text comes out as it went in. */
const DOUBLE_DIGITS: u32 = 15;
/** Smaller than this many zeros after the point, JSON has the number with an exponent. */
const FRACTION_ZEROS: u32 = 6;

/** -0 and 007 are numbers, but not in their plain form. */
export function isWholeNumber(start: usize, end: usize, maxDigits: u32): bool {
  const first = digitsStart(start);
  const digits = <u32>(end - first);
  if (digits - 1 >= maxDigits) return false;
  if (<u32>load<u8>(first) === ZERO && end - start > 1) return false;
  return digitsEnd(first, end) === end;
}

/** Leaves out the zeros at the end of the fraction: 17.50 is the number that JSON writes as 17.5. 0: not plain. */
export function doubleEnd(start: usize, end: usize): usize {
  const first = digitsStart(start);
  const length = <u32>(end - first);
  if (length - 1 > DOUBLE_DIGITS) return 0;
  const lanes = (1 << length) - 1;
  const others = ~digitsAt(first) & lanes;
  if (others === 0) return wholeDoubleEnd(start, first, end);
  const point = ctz(others);
  const isPointed = (others & (others - 1)) === 0 && <u32>load<u8>(first + point) === DOT;
  if (!isPointed || point === 0 || point + 1 === length) return 0;
  // Most are as they are, which need not look at each digit for zeros.
  if (<u32>load<u8>(first) !== ZERO && <u32>load<u8>(end - 1) !== ZERO) return end;
  const zeros = zerosAt(first);
  if ((zeros & 1) !== 0 && point > 1) return 0;
  // The point is no zero.
  const last = 31 - clz(~zeros & lanes);
  if (last === point) return wholeDoubleEnd(start, first, first + point);
  const isBelowOne = (zeros & 1) !== 0;
  if (isBelowOne && ctz(~(zeros >> (point + 1))) >= FRACTION_ZEROS) return 0;
  return first + last + 1;
}

/** Zero has no sign, and no other number begins with zero. */
function wholeDoubleEnd(start: usize, first: usize, end: usize): usize {
  if (<u32>(end - first) > DOUBLE_DIGITS) return 0;
  return <u32>load<u8>(first) === ZERO && end - start > 1 ? 0 : end;
}

/** Leaves out zeros that are more than `scale` digits after the point. 0: not plain, or it does not fit. */
export function decimalEnd(start: usize, end: usize, maxBefore: u32, scale: u32): usize {
  let first = digitsStart(start);
  const point = digitsEnd(first, end);
  if (point === first) return 0;
  while (first < point && <u32>load<u8>(first) === ZERO) first++;
  if (<u32>(point - first) > maxBefore) return 0;
  if (point === end) return end;
  const fraction = point + 1;
  if (<u32>load<u8>(point) !== DOT || fraction === end || digitsEnd(fraction, end) !== end) return 0;
  let last = end;
  while (<u32>(last - fraction) > scale && <u32>load<u8>(last - 1) === ZERO) last--;
  if (<u32>(last - fraction) > scale) return 0;
  return last === fraction ? point : last;
}

function digitsStart(start: usize): usize {
  return start + usize(<u32>load<u8>(start) === MINUS);
}
