import { copy } from '../lib/lanes.ts';
import { partitionOf } from '../lib/murmur2.ts';
import { BOUNDS_BYTES, WORD_BYTES } from '../lib/sizes.ts';
import { millisOf } from '../lib/times.ts';
import {
  BATCH_LIMIT,
  BATCHES,
  BOUNDS,
  BYTES,
  EARLIEST,
  EXPIRED,
  FIRST_ROW,
  HEADERS,
  HEADERS_LENGTH,
  KEPT_FROM,
  KEY_COLUMN,
  LATEST,
  NO_PLACE,
  NOW,
  NUMBER_HEADER_BYTES,
  OLDEST,
  PARTITION,
  PARTITIONS,
  POSITION,
  PROGRAM,
  RECORD_LIMIT,
  RENEWS,
  ROW_ALONE,
  ROW_BOUNDS,
  ROW_HEADER,
  ROW_HEADER_LENGTH,
  ROW_PLACE,
  TIMESTAMP_COLUMN,
  VALUE_BYTES_PER_BYTE,
  VALUE_FIXED_BYTES,
  WANTED,
  WANTED_BYTES,
  WIDTH,
  WRITER,
} from './layout.ts';
import {
  beginRecord,
  endRecord,
  endValue,
  hasRoom,
  valueAt,
  writeNumber,
  writeTextAndNumber,
} from './record.ts';

/** What a record takes beside key, value and headers, and what copies may write behind its end. */
const RECORD_OVERHEAD: u32 = 72;

/**
 * Encodes the rows from `from` on into their partitions' record batches, and gives the first row that was not: `to`, or
 * one that is too large or that the converter needs as a record, or one that wants a batch.
 */
export function encodeCells(task: usize, from: u32, to: u32): u32 {
  store<u32>(task, 0, WANTED_BYTES);
  const bytes: usize = load<u32>(task, BYTES);
  const rowBytes: usize = load<u32>(task, WIDTH) * BOUNDS_BYTES;
  const keyColumn = load<i32>(task, KEY_COLUMN);
  const ownPartition = load<i32>(task, PARTITION);
  const partitions = load<u32>(task, PARTITIONS);
  const fixedBytes = fixedBytesOf(task);
  const bytesPerByte = load<u32>(task, VALUE_BYTES_PER_BYTE);
  let row: usize = load<u32>(task, BOUNDS) + from * rowBytes;
  for (let index = from; index < to; index++, row += rowBytes) {
    const key: usize = row + <u32>keyColumn * BOUNDS_BYTES;
    const keyAt: usize = keyColumn < 0 ? 0 : bytes + load<u32>(key);
    const keyLength = keyColumn < 0 ? 0 : load<u32>(key, WORD_BYTES) - load<u32>(key);
    const size = fixedBytes + keyLength + bytesPerByte * cellBytes(row, rowBytes);
    const partition = ownPartition >= 0 ? <u32>ownPartition : partitionOf(keyAt, keyLength, partitions);
    const batch: usize = load<u32>(load<u32>(task, BATCHES) + partition * WORD_BYTES);
    if (batch === 0 || !hasRoom(batch, size, load<u32>(task, BATCH_LIMIT))) {
      store<u32>(task, size, WANTED_BYTES);
      store<u32>(task, partition, WANTED);
      return index;
    }
    if (!encodeRow(task, batch, index, row, keyAt, keyLength)) return index;
  }
  return to;
}

/** What every record takes at most, whatever is in its cells. */
function fixedBytesOf(task: usize): u32 {
  const headers = load<u32>(task, HEADERS_LENGTH) + load<u32>(task, ROW_HEADER_LENGTH);
  return RECORD_OVERHEAD + load<u32>(task, VALUE_FIXED_BYTES) + headers + 2 * NUMBER_HEADER_BYTES;
}

/** Two cells at once: what all ends are more than all starts. */
function cellBytes(row: usize, rowBytes: usize): u32 {
  const end = row + rowBytes;
  let sums = i32x4.splat(0);
  let at = row;
  for (; at + BOUNDS_BYTES < end; at += 2 * BOUNDS_BYTES) sums = i32x4.add(sums, v128.load(at));
  if (at < end) sums = i32x4.add(sums, v128.load64_zero(at));
  const starts = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 2);
  return i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 3) - starts;
}

/** False, with nothing added, when the converter does not write the value, the record is too large, or its time is out of bounds. */
function encodeRow(task: usize, batch: usize, index: u32, row: usize, keyAt: usize, keyLength: u32): bool {
  const ownTime = timeOf(task, row);
  if (ownTime < load<f64>(task, EARLIEST) || ownTime > load<f64>(task, LATEST)) return false;
  const isExpired = ownTime < load<f64>(task, KEPT_FROM);
  const timestamp = isExpired && load<u32>(task, RENEWS) !== 0 ? load<f64>(task, NOW) : ownTime;
  const part = beginRecord(batch, timestamp, keyAt, keyLength);
  const value = valueAt(batch, part);
  const bytes: usize = load<u32>(task, BYTES);
  const valueEnd: usize = call_indirect<usize>(
    load<u32>(task, WRITER),
    load<u32>(task, PROGRAM),
    value,
    bytes,
    row,
  );
  if (valueEnd === 0) return false;
  const at = writeHeaders(task, endValue(batch, part, value, valueEnd), index);
  if (!endRecord(batch, at, timestamp, load<u32>(task, RECORD_LIMIT))) return false;
  if (isExpired) noteExpired(task, ownTime);
  return true;
}

/** Milliseconds since 1970. */
function timeOf(task: usize, row: usize): f64 {
  const column = load<i32>(task, TIMESTAMP_COLUMN);
  if (column < 0) return load<f64>(task, NOW);
  const cell: usize = row + <u32>column * BOUNDS_BYTES;
  const bytes: usize = load<u32>(task, BYTES);
  return <f64>millisOf(bytes + load<u32>(cell), bytes + load<u32>(cell, WORD_BYTES));
}

/** Gives their end. */
function writeHeaders(task: usize, from: usize, index: u32): usize {
  const place = load<u32>(task, ROW_PLACE);
  let at = copy(from, load<u32>(task, HEADERS), load<u32>(task, HEADERS_LENGTH));
  if (place === NO_PLACE) return at;
  const row = <u64>(load<f64>(task, FIRST_ROW) + <f64>index);
  const before: usize = load<u32>(task, ROW_HEADER);
  const length = load<u32>(task, ROW_HEADER_LENGTH);
  if (place === ROW_ALONE) return writeTextAndNumber(at, before, length, row);
  const bounds: usize = load<u32>(task, ROW_BOUNDS) + index * BOUNDS_BYTES;
  at = writeNumber(at, <u64>(load<f64>(task, POSITION) + <f64>load<u32>(bounds)));
  return writeNumber(copy(at, before, length), row);
}

function noteExpired(task: usize, time: f64): void {
  store<u32>(task, load<u32>(task, EXPIRED) + 1, EXPIRED);
  if (time < load<f64>(task, OLDEST)) store<f64>(task, time, OLDEST);
}
