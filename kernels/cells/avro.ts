import { writeBytes, writeSized } from './bytes.ts';
import { Decimals, numberAt, placeDecimal } from './decimals.ts';
import { doubleOf, writeLong } from './numbers.ts';
import { writeText } from './text.ts';
import { timestampOf } from './times.ts';
import { wordIndex } from './words.ts';

/*
 * Cells in Avro's binary form (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding). Each function writes
 * to `at` and gives the end, or 0 when the cell cannot be written.
 */

const T: u32 = 0x74;
const FLOAT_BYTES: usize = 4;
const DOUBLE_BYTES: usize = 8;

export function writeString(at: usize, start: usize, end: usize, letters: u32): usize {
  return writeText(writeLong(at, end - start), start, end, letters);
}

export function writeFloat(at: usize, start: usize, end: usize, powers: usize): usize {
  const value = doubleOf(start, end, powers);
  store<f32>(at, <f32>value);
  return F64.isNaN(value) ? 0 : at + FLOAT_BYTES;
}

export function writeDouble(at: usize, start: usize, end: usize, powers: usize): usize {
  const value = doubleOf(start, end, powers);
  store<f64>(at, value);
  return F64.isNaN(value) ? 0 : at + DOUBLE_BYTES;
}

export function writeBoolean(at: usize, start: usize): usize {
  store<u8>(at, u8(<u32>load<u8>(start) === T));
  return at + 1;
}

export function writeTimestamp(at: usize, start: usize, end: usize, digits: u32): usize {
  const count = timestampOf(start, end, digits);
  return count < 0 ? 0 : writeLong(at, count);
}

export function writeDecimal(at: usize, start: usize, end: usize, detail: usize): usize {
  const decimals = Decimals.at(detail);
  const length = placeDecimal(decimals, start, end);
  if (length === 0) return 0;
  const number = numberAt(decimals);
  if (decimals.size !== 0) return writeSized(at, number, length, decimals.size);
  return writeBytes(writeLong(at, length), number, length);
}

export function writeSymbol(at: usize, start: usize, end: usize, letters: u32, words: usize): usize {
  const index = wordIndex(words, start, end, letters);
  return index < 0 ? 0 : writeLong(at, index);
}
