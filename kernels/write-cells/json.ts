import { DOT, MINUS, ZERO, ZULU } from '../lib/ascii.ts';
import { writeNumber } from '../lib/digits.ts';
import { copy } from '../lib/lanes.ts';
import { dateOf, timestampOf } from '../lib/times.ts';
import { writeBase64 } from './bytes.ts';
import { placeDecimal } from './decimals.ts';
import { NUMBER } from './decimals-layout.ts';

/*
 * Cells in the forms of JSON that are not their own text. Each function writes to `at`, without quotes, and gives the end,
 * or 0 when the cell cannot be written.
 */

/** JSON has no zeros before a number. */
export function writeBareDecimal(at: usize, start: usize, end: usize): usize {
  const isNegative = <u32>load<u8>(start) === MINUS;
  let first = start + usize(isNegative);
  while (<u32>load<u8>(first) === ZERO && first + 1 < end && <u32>load<u8>(first, 1) !== DOT) first++;
  store<u8>(at, MINUS);
  return copy(at + usize(isNegative), first, end - first);
}

/** Only those with a zone, which is that of UTC. */
export function writeInstant(at: usize, start: usize, end: usize): usize {
  return <u32>load<u8>(end - 1) === ZULU ? copy(at, start, end - start) : 0;
}

export function writeDays(at: usize, start: usize): usize {
  const days = dateOf(start);
  store<u8>(at, MINUS);
  return days < 0 ? writeNumber(at + 1, -days) : writeNumber(at, days);
}

export function writeCount(at: usize, start: usize, end: usize, digits: u32, last: usize): usize {
  const count = timestampOf(start, end, digits, last);
  return count < 0 ? 0 : writeNumber(at, count);
}

export function writeBase64Decimal(at: usize, start: usize, end: usize, detail: usize): usize {
  const length = placeDecimal(detail, start, end);
  return length === 0 ? 0 : writeBase64(at, detail + NUMBER, length);
}
