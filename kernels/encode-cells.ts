/** What is to be encoded: words in the order of `EncodeTask` in `../cell-kernel.ts`. */
@unmanaged
class EncodeTask {
  /** Bytes of the file before the batch's own. */
  position: f64;
  /** The number of the batch's first row in its file. */
  firstRow: f64;
  /** Milliseconds since 1970, for records without a timestamp of their own. */
  now: f64;
  /** A row whose time is before or after these stays behind. */
  earliest: f64;
  latest: f64;
  /** Before this a time is expired. */
  keptFrom: f64;
  /** The oldest of the expired times, if it is before what stands here. */
  oldest: f64;
  bytes: usize;
  bounds: usize;
  rowBounds: usize;
  /** Cells of a row. */
  width: u32;
  /** -1 where records have no key; then there is a partition. */
  keyColumn: i32;
  /** -1 where records have the time `now`. */
  timestampColumn: i32;
  /** -1 lets the key decide. */
  partition: i32;
  partitions: u32;
  /** The address of each partition's record batch, 0 where there is none. */
  batches: usize;
  /** A record batch with records does not grow beyond this. */
  batchLimit: u32;
  /** A record is not longer than this. */
  recordLimit: u32;
  writer: u32;
  program: usize;
  valueFixedBytes: u32;
  valueBytesPerByte: u32;
  /** The number of headers, and those that the rows of the file share up to the name of the first that they do not. */
  headers: usize;
  headersLength: u32;
  /** The name of the second. */
  rowHeader: usize;
  rowHeaderLength: u32;
  /** Set when a partition's batch is wanted: which, and for how many bytes. */
  wanted: i32;
  wantedBytes: u32;
  /** Set where records with an expired time get the time `now`. */
  renews: u32;
  /** Rows encoded whose time is expired. */
  expired: u32;
}

/** `RecordBatchState`'s words. */
@unmanaged
class RecordBatch {
  baseTimestamp: f64;
  maxTimestamp: f64;
  buffer: usize;
  capacity: u32;
  position: u32;
  count: u32;
  recordWidth: u32;
  valueWidth: u32;
}

const BOUNDS_BYTES: usize = 8;
const LANES: usize = 16;
/** What a record takes beside key, value and headers, and what copies may write behind its end. */
const RECORD_OVERHEAD: u32 = 72;
/** The two numbers among the headers, with their lengths. */
const NUMBERS_MAX: u32 = 34;
const ATTRIBUTES: usize = 1;
/** The length of a key that is not there. */
const NULL: i64 = -1;

/**
 * Encodes the rows from `from` on into their partitions' record batches, and gives the first row that was not: `to`, or
 * one that is too large or that the converter needs as a record, or one that wants a batch (`wanted` is its partition).
 */
export function encodeCells(task: EncodeTask, from: u32, to: u32): u32 {
  task.wanted = -1;
  const rowBytes = task.width * BOUNDS_BYTES;
  let row = task.bounds + from * rowBytes;
  for (let index = from; index < to; index++, row += rowBytes) {
    const key = row + <u32>task.keyColumn * BOUNDS_BYTES;
    const keyAt = task.keyColumn < 0 ? 0 : task.bytes + load<u32>(key);
    const keyLength = task.keyColumn < 0 ? 0 : load<u32>(key, 4) - load<u32>(key);
    const valueMax = task.valueFixedBytes + task.valueBytesPerByte * cellBytes(row, rowBytes);
    const size =
      RECORD_OVERHEAD + keyLength + valueMax + task.headersLength + task.rowHeaderLength + NUMBERS_MAX;
    const partition =
      task.partition >= 0 ? <u32>task.partition : partitionOf(keyAt, keyLength, task.partitions);
    const batch = load<usize>(task.batches + partition * 4);
    if (batch === 0 || !hasRoom(changetype<RecordBatch>(batch), size, task.batchLimit)) {
      task.wanted = partition;
      task.wantedBytes = size;
      return index;
    }
    if (!encodeRow(task, changetype<RecordBatch>(batch), index, row, keyAt, keyLength)) return index;
  }
  return to;
}

/** False, with nothing added, when the converter does not write the value, the record is too large, or its time is out of bounds. */
function encodeRow(
  task: EncodeTask,
  batch: RecordBatch,
  index: u32,
  row: usize,
  keyAt: usize,
  keyLength: u32,
): bool {
  const ownTime = task.timestampColumn < 0 ? task.now : timeOf(task, row);
  if (ownTime < task.earliest || ownTime > task.latest) return false;
  const isExpired = ownTime < task.keptFrom;
  const timestamp = isExpired && task.renews !== 0 ? task.now : ownTime;
  const start = batch.buffer + batch.position;
  const body = start + batch.recordWidth;
  store<u8>(body, 0);
  const base = batch.count === 0 ? timestamp : batch.baseTimestamp;
  let at = writeVarlong(body + ATTRIBUTES, <i64>(timestamp - base));
  at = writeVarlong(at, batch.count);
  at = writeVarlong(at, keyAt === 0 ? NULL : keyLength);
  copy(at, keyAt, keyLength);
  at += keyLength;

  const valueWidth = batch.valueWidth;
  const value = at + valueWidth;
  const valueEnd: usize = call_indirect<usize>(task.writer, task.program, value, task.bytes, row);
  if (valueEnd === 0) return false;
  at = endPart(at, valueWidth, value, valueEnd);
  batch.valueWidth = widthOf(<u32>(valueEnd - value));

  copy(at, task.headers, task.headersLength);
  at = writeNumber(
    at + task.headersLength,
    task.position + <f64>load<u32>(task.rowBounds + index * BOUNDS_BYTES),
  );
  copy(at, task.rowHeader, task.rowHeaderLength);
  at = writeNumber(at + task.rowHeaderLength, task.firstRow + <f64>index);

  const length = <u32>(at - body);
  if (length > task.recordLimit) return false;
  at = endPart(start, batch.recordWidth, body, at);
  batch.recordWidth = widthOf(length);
  if (batch.count === 0) batch.baseTimestamp = timestamp;
  if (batch.count === 0 || timestamp > batch.maxTimestamp) batch.maxTimestamp = timestamp;
  batch.position = <u32>(at - batch.buffer);
  batch.count++;
  if (isExpired) {
    task.expired++;
    if (ownTime < task.oldest) task.oldest = ownTime;
  }
  return true;
}

function hasRoom(batch: RecordBatch, size: u32, limit: u32): bool {
  const end = batch.position + size;
  return batch.buffer !== 0 && end <= batch.capacity && (end <= limit || batch.count === 0);
}

function cellBytes(row: usize, rowBytes: usize): u32 {
  let length: u32 = 0;
  for (let at = row; at < row + rowBytes; at += BOUNDS_BYTES) length += load<u32>(at, 4) - load<u32>(at);
  return length;
}

/**
 * Writes the length of the bytes from `start` to `end` at `lengthAt`, moving them when they were not given the width that
 * it takes, and gives their end.
 */
function endPart(lengthAt: usize, width: u32, start: usize, end: usize): usize {
  const length = <u32>(end - start);
  const needed = widthOf(length);
  if (needed !== width) memory.copy(lengthAt + needed, start, length);
  writeVarlong(lengthAt, length);
  return lengthAt + needed + length;
}

/** Bytes that the zigzag varint of a length takes. */
function widthOf(length: u32): u32 {
  if (length < 64) return 1;
  if (length < 8192) return 2;
  if (length < 1048576) return 3;
  return length < 134217728 ? 4 : 5;
}

function writeVarlong(at: usize, value: i64): usize {
  let rest: u64 = (value << 1) ^ (value >> 63);
  while (rest > 127) {
    store<u8>(at++, <u8>((rest & 127) | 128));
    rest >>= 7;
  }
  store<u8>(at++, <u8>rest);
  return at;
}

/** A header's value: the digits of a whole number, their number before them. */
function writeNumber(at: usize, value: f64): usize {
  let rest = <u64>value;
  let digits: usize = 1;
  for (let bound: u64 = 10; rest >= bound; bound *= 10) digits++;
  store<u8>(at, <u8>(digits << 1));
  const end = at + 1 + digits;
  for (let to = end - 1; to > at; to--) {
    const tenth = rest / 10;
    store<u8>(to, <u8>(48 + rest - tenth * 10));
    rest = tenth;
  }
  return end;
}

/** May write up to 15 bytes behind the end. */
function copy(to: usize, from: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += LANES) v128.store(to + i, v128.load(from + i));
}

const SEED: u32 = 0x9747b28c;
const M: u32 = 0x5bd1e995;

/** The partition of a key as Kafka's Java client chooses it: murmur2, without its sign. */
function partitionOf(key: usize, length: u32, partitions: u32): u32 {
  let hash: u32 = SEED ^ length;
  let at = key;
  const end = key + length;
  for (; at + 4 <= end; at += 4) {
    const product = load<u32>(at) * M;
    hash = (hash * M) ^ ((product ^ (product >> 24)) * M);
  }
  if (at < end) {
    let tail: u32 = 0;
    for (let i = end - 1; i >= at; i--) tail = (tail << 8) | load<u8>(i);
    hash = (hash ^ tail) * M;
  }
  hash = (hash ^ (hash >> 13)) * M;
  return ((hash ^ (hash >> 15)) & 0x7fffffff) % partitions;
}

const FRACTION_AT: usize = 20;
const MILLIS_A_DAY: i64 = 86400000;

/** Milliseconds since 1970 of a timestamp in its plain form, `2026-01-31T09:30:00.123456Z`. */
function timeOf(task: EncodeTask, row: usize): f64 {
  const cell = row + <u32>task.timestampColumn * BOUNDS_BYTES;
  const at = task.bytes + load<u32>(cell);
  const fractionEnd = task.bytes + load<u32>(cell, 4) - 1;
  const minutes = twoDigits(at + 11) * 60 + twoDigits(at + 14);
  let millis: i64 = (minutes * 60 + twoDigits(at + 17)) * 1000;
  let unit: i64 = 100;
  for (let digit = at + FRACTION_AT; digit < fractionEnd && unit > 0; digit++, unit /= 10) {
    millis += unit * (<i64>load<u8>(digit) - 48);
  }
  return <f64>(daysOf(at) * MILLIS_A_DAY + millis);
}

/** Days since 1970, by the proleptic Gregorian calendar (Howard Hinnant, days_from_civil). */
function daysOf(at: usize): i64 {
  const month = twoDigits(at + 5);
  // Years begin in March, so that a leap day is the last of its year.
  const year = twoDigits(at) * 100 + twoDigits(at + 2) - (month <= 2 ? 1 : 0);
  const era = (year >= 0 ? year : year - 399) / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + twoDigits(at + 8) - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function twoDigits(at: usize): i64 {
  return (<i64>load<u8>(at) - 48) * 10 + <i64>load<u8>(at, 1) - 48;
}
