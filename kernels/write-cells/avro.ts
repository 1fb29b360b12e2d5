import { copy } from '../lib/lanes.ts';
import { LONG_BYTES, WORD_BYTES } from '../lib/sizes.ts';
import { writeText } from '../lib/text.ts';
import { timestampOf } from '../lib/times.ts';
import { writeLongVarlong, writeVarlong } from '../lib/varint.ts';
import { wordIndex } from '../lib/words.ts';
import { writeBytes, writeSized } from './bytes.ts';
import { placeDecimal } from './decimals.ts';
import { NUMBER, SIZE } from './decimals-layout.ts';
import { doubleOf } from './numbers.ts';

/*
 * Cells in Avro's binary form (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding). Each function writes
 * to `at` and gives the end, or 0 when the cell cannot be written.
 */

const T: u32 = 0x74;

export function writeString(at: usize, start: usize, end: usize, letters: u32): usize {
  const to = writeVarlong(at, end - start);
  return letters === 0 ? copy(to, start, end - start) : writeText(to, start, end, letters);
}

export function writeFloat(at: usize, start: usize, end: usize, powers: usize): usize {
  const value = doubleOf(start, end, powers);
  if (F64.isNaN(value)) return 0;
  store<f32>(at, <f32>value);
  return at + WORD_BYTES;
}

export function writeDouble(at: usize, start: usize, end: usize, powers: usize): usize {
  const value = doubleOf(start, end, powers);
  if (F64.isNaN(value)) return 0;
  store<f64>(at, value);
  return at + LONG_BYTES;
}

export function writeBoolean(at: usize, start: usize): usize {
  store<u8>(at, u8(<u32>load<u8>(start) === T));
  return at + 1;
}

export function writeTimestamp(at: usize, start: usize, end: usize, digits: u32, last: usize): usize {
  const count = timestampOf(start, end, digits, last);
  return count < 0 ? 0 : writeLongVarlong(at, count);
}

export function writeDecimal(at: usize, start: usize, end: usize, detail: usize): usize {
  const length = placeDecimal(detail, start, end);
  if (length === 0) return 0;
  const number = detail + NUMBER;
  const size = load<u32>(detail, SIZE);
  if (size !== 0) return writeSized(at, number, length, size);
  return writeBytes(writeVarlong(at, length), number, length);
}

export function writeSymbol(at: usize, start: usize, end: usize, letters: u32, words: usize): usize {
  const index = wordIndex(words, start, end, letters);
  return index < 0 ? 0 : writeVarlong(at, index);
}
