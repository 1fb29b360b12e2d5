import { writeNumber as writeDigits } from '../lib/digits.ts';
import { copy } from '../lib/lanes.ts';
import { widthOf, writeVarlong } from '../lib/varint.ts';
import {
  BASE_TIMESTAMP,
  BUFFER,
  CAPACITY,
  COUNT,
  MAX_TIMESTAMP,
  POSITION,
  RECORD_WIDTH,
  VALUE_WIDTH,
} from './record-batch-layout.ts';

/*
 * Frames records of a batch, magic 2 (https://kafka.apache.org/documentation/#recordbatch), as `RecordBatchBuilder` does:
 * a test holds both together. What is not ended leaves nothing behind.
 */

const ATTRIBUTES_BYTES: usize = 1;
/** The length of a key that is not there. */
const NULL: i64 = -1;

/** Whether a record of so many bytes may be added; an empty batch takes one beyond the limit. */
export function hasRoom(batch: usize, size: u32, limit: u32): bool {
  const end = load<u32>(batch, POSITION) + size;
  return (
    load<u32>(batch, BUFFER) !== 0 &&
    end <= load<u32>(batch, CAPACITY) &&
    (end <= limit || load<u32>(batch, COUNT) === 0)
  );
}

/** Writes what stands before a record's value, with a key unless `key` is 0, and gives its end. */
export function beginRecord(batch: usize, timestamp: f64, key: usize, keyLength: u32): usize {
  const body = bodyOf(batch);
  store<u8>(body, 0);
  const count = load<u32>(batch, COUNT);
  const base = count === 0 ? timestamp : load<f64>(batch, BASE_TIMESTAMP);
  let at = writeVarlong(body + ATTRIBUTES_BYTES, <i64>(timestamp - base));
  at = writeVarlong(at, count);
  if (key === 0) return writeVarlong(at, NULL);
  return copy(writeVarlong(at, keyLength), key, keyLength);
}

/** Where a value goes whose length will stand at `lengthAt`. */
export function valueAt(batch: usize, lengthAt: usize): usize {
  return lengthAt + load<u32>(batch, VALUE_WIDTH);
}

/** Writes the length of the value from `start` to `end` before it, and gives its end. */
export function endValue(batch: usize, lengthAt: usize, start: usize, end: usize): usize {
  store<u32>(batch, widthOf(<u32>(end - start)), VALUE_WIDTH);
  return endPart(lengthAt, start, end);
}

/** Ends the record whose headers end at `end`; false, with nothing added, when it is longer than `limit`. */
export function endRecord(batch: usize, end: usize, timestamp: f64, limit: u32): bool {
  const body = bodyOf(batch);
  const length = <u32>(end - body);
  if (length > limit) return false;
  const buffer: usize = load<u32>(batch, BUFFER);
  const at = endPart(buffer + load<u32>(batch, POSITION), body, end);
  store<u32>(batch, widthOf(length), RECORD_WIDTH);
  store<u32>(batch, <u32>(at - buffer), POSITION);
  const count = load<u32>(batch, COUNT);
  if (count === 0) store<f64>(batch, timestamp, BASE_TIMESTAMP);
  if (count === 0 || timestamp > load<f64>(batch, MAX_TIMESTAMP)) {
    store<f64>(batch, timestamp, MAX_TIMESTAMP);
  }
  store<u32>(batch, count + 1, COUNT);
  return true;
}

/** A header's value: the digits of a whole number, their number before them. */
export function writeNumber(at: usize, value: u64): usize {
  const end = writeDigits(at + 1, value);
  store<u8>(at, <u8>((end - at - 1) << 1));
  return end;
}

/** A header's value: a text, behind it the digits of a whole number. */
export function writeTextAndNumber(at: usize, text: usize, length: u32, value: u64): usize {
  const start = at + widthOf(length);
  return endPart(at, start, writeDigits(copy(start, text, length), value));
}

/** Behind the room for the record's length. */
function bodyOf(batch: usize): usize {
  return load<u32>(batch, BUFFER) + load<u32>(batch, POSITION) + load<u32>(batch, RECORD_WIDTH);
}

/**
 * Writes the length of the bytes from `start` to `end` at `lengthAt`, moving them when they were not given the width that
 * it takes, and gives their end.
 */
function endPart(lengthAt: usize, start: usize, end: usize): usize {
  const length = <u32>(end - start);
  const to = lengthAt + widthOf(length);
  if (to !== start) memory.copy(to, start, length);
  writeVarlong(lengthAt, length);
  return to + length;
}
