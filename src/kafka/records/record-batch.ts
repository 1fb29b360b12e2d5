import { release } from '../../rows/index.ts';
import { BATCH_OVERHEAD, type BatchSeal, writeBatchHeader } from './batch-header.ts';
import { type CompressionCodec, compress } from './compression.ts';
import { COPY_SLACK, copyBytes, copyFixed, type FixedBytes } from './fixed-bytes.ts';
import { type Allocate, ordinaryMemory, RecordBatchState } from './record-batch-state.ts';
import {
  type EncodedHeaders,
  encodeHeaderName,
  type Header,
  maxHeaderBytes,
  writeHeader,
} from './record-headers.ts';
import { writeDecimal, writeVarint, writeVarlong, ZIGZAG_MAX, zigzagWidth } from './varint.ts';

/** Generous for what a record takes beside key, value and headers: its lengths, its deltas, its number of headers. */
export const RECORD_OVERHEAD = 40;
const INITIAL_CAPACITY = 16 * 1024;
/** The most that `begin` writes: length, attributes, timestamp and offset deltas, length of the key. */
const RECORD_HEAD_MAX = 5 + 1 + 10 + 5 + 5;

/** A UTF-16 unit takes so many bytes at most. */
const UTF8_MAX = 3;

/** A record as `append` takes it. Timestamps are milliseconds since 1970. */
export interface BatchRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly Header[] | EncodedHeaders;
  readonly timestamp: number;
}

/**
 * Builds one record batch, magic 2 (https://kafka.apache.org/documentation/#recordbatch), in one buffer that grows
 * and is used again.
 *
 * A record is written in place: `begin`, the key's bytes at `position` of `buffer`, `endKey`, the value's bytes,
 * `endValue`, then `headerCount` and as many headers, `end`. The lengths that stand before what they measure are
 * given the width they had in the record before; where that was wrong the bytes move by the difference.
 * Whoever writes in place calls `ensure` first and reads `buffer` after it, and puts `position` behind what it wrote.
 */
export class RecordBatchBuilder {
  /** Where to write. Replaced when it grows, so read it again after every `ensure`. */
  buffer: Buffer;
  /** The bytes of `buffer`, for writing several at once. */
  view: DataView;
  readonly #allocate: Allocate;
  readonly #state: RecordBatchState;
  #timestamp = 0;
  #recordStart = BATCH_OVERHEAD;
  #bodyStart = 0;
  #partStart = 0;
  #keyWidth = 1;
  /** Where the batch is put together that is compressed, again and again. */
  #packedInto: Buffer | null = null;

  /** @param allocate gives the memory */
  constructor(capacity = INITIAL_CAPACITY, allocate: Allocate = ordinaryMemory) {
    this.#allocate = allocate;
    this.buffer = allocate(Math.max(capacity, BATCH_OVERHEAD + RECORD_HEAD_MAX));
    this.view = viewOf(this.buffer);
    this.#state = new RecordBatchState(allocate, this.buffer);
    this.position = BATCH_OVERHEAD;
  }

  /** Where kernels find the state of this batch; 0 where they cannot add to it. */
  get address(): number {
    return this.#state.address;
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#state.position;
  }

  set position(position: number) {
    this.#state.position = position;
  }

  /** Records that have ended. */
  get count(): number {
    return this.#state.count;
  }

  /** Bytes of the batch so far, before compression. */
  get estimatedSize(): number {
    return this.position;
  }

  /** The latest timestamp among the records, in milliseconds since 1970. */
  get maxTimestamp(): number {
    return this.#state.maxTimestamp;
  }

  /** Makes room for `bytes` more after `position`. */
  ensure(bytes: number): void {
    if (this.buffer.length - this.position < bytes) this.#grow(bytes);
  }

  /** Copies bytes to `position`, as a part of the key or value that is under way. */
  write(bytes: Uint8Array, start: number, end: number): void {
    this.ensure(end - start);
    this.position = copyBytes(this.buffer, this.position, bytes, start, end);
  }

  /** Starts a record; its key comes next. */
  begin(timestamp: number): void {
    this.ensure(RECORD_HEAD_MAX);
    if (this.#state.count === 0) this.#state.baseTimestamp = timestamp;
    this.#timestamp = timestamp;
    this.#recordStart = this.position;
    const body = this.position + this.#state.recordWidth;
    this.#bodyStart = body;
    this.buffer[body] = 0;
    const afterTime = writeVarlong(this.buffer, body + 1, timestamp - this.#state.baseTimestamp);
    const afterOffset = writeVarint(this.buffer, afterTime, this.#state.count);
    this.#partStart = afterOffset + this.#keyWidth;
    this.position = this.#partStart;
  }

  /** Ends the key; the value comes next. */
  endKey(): void {
    this.#keyWidth = this.#endPart(this.#keyWidth);
    this.#beginValue();
  }

  /** The record has no key; the value comes next. */
  nullKey(): void {
    this.position = writeVarint(this.buffer, this.#partStart - this.#keyWidth, -1);
    this.#beginValue();
  }

  /** Ends the value; `headerCount` comes next. */
  endValue(): void {
    this.#state.valueWidth = this.#endPart(this.#state.valueWidth);
  }

  /** The record has no value (a tombstone); `headerCount` comes next. */
  nullValue(): void {
    this.position = writeVarint(this.buffer, this.#partStart - this.#state.valueWidth, -1);
  }

  /** Writes the key whole; the value comes next. */
  key(key: Uint8Array | null): void {
    if (key === null) return this.nullKey();
    this.#copy(key);
    this.endKey();
  }

  /** Writes the value whole, text in UTF-8; `headerCount` comes next. */
  value(value: Uint8Array | string | null): void {
    if (value === null) return this.nullValue();
    if (typeof value === 'string') this.#text(value);
    else this.#copy(value);
    this.endValue();
  }

  /** Says how many headers follow. */
  headerCount(count: number): void {
    this.ensure(ZIGZAG_MAX);
    this.position = writeVarint(this.buffer, this.position, count);
  }

  /** Writes bytes that are written again and again, such as headers that every row of a file shares. */
  fixed(bytes: FixedBytes): void {
    this.ensure(bytes.length + COPY_SLACK);
    this.position = copyFixed(this, this.position, bytes);
  }

  /** Adds one header whose name was encoded by `encodeHeaderName`. */
  header(name: Uint8Array, value: Uint8Array | null): void {
    this.ensure(maxHeaderBytes(name, value));
    this.position = writeHeader(this.buffer, this.position, name, value);
  }

  /** Adds one header whose value is a whole number of at least 0, in decimal digits. */
  decimalHeader(name: FixedBytes, value: number): void {
    this.ensure(name.length + COPY_SLACK + 1 + 16);
    this.fixed(name);
    const end = writeDecimal(this.buffer, this.position + 1, value);
    writeVarint(this.buffer, this.position, end - this.position - 1);
    this.position = end;
  }

  /** Ends the record. */
  end(): void {
    const length = this.position - this.#bodyStart;
    const width = zigzagWidth(length);
    if (width !== this.#state.recordWidth) {
      this.#shift(this.#bodyStart, width - this.#state.recordWidth);
      this.#state.recordWidth = width;
    }
    writeVarint(this.buffer, this.#recordStart, length);
    if (this.#state.count === 0 || this.#timestamp > this.#state.maxTimestamp)
      this.#state.maxTimestamp = this.#timestamp;
    this.#state.count++;
  }

  /** Forgets the record that was begun and has not ended, such as one whose value could not be written. */
  cancel(): void {
    this.position = this.#recordStart;
  }

  /** Adds a whole record. */
  append(record: BatchRecord): void {
    this.begin(record.timestamp);
    this.key(record.key);
    this.value(record.value);
    const headers = record.headers ?? [];
    if ('bytes' in headers) {
      this.headerCount(headers.count);
      this.#copy(headers.bytes);
    } else {
      this.headerCount(headers.length);
      for (const [name, value] of headers) this.header(encodeHeaderName(name), value);
    }
    this.end();
  }

  /**
   * The finished batch, in memory of the builder's (uncompressed it is a view of `buffer`, without a copy): the builder must
   * not be touched until the bytes have been sent.
   */
  seal(seal: BatchSeal): Buffer {
    const { count, baseTimestamp, maxTimestamp } = this.#state;
    const batch =
      seal.compression === 'none' ? this.buffer.subarray(0, this.position) : this.#packed(seal.compression);
    return writeBatchHeader(batch, seal, { count, baseTimestamp, maxTimestamp });
  }

  /** Empties the builder and keeps its buffer. */
  reset(): void {
    this.position = BATCH_OVERHEAD;
    this.#recordStart = BATCH_OVERHEAD;
    this.#state.count = 0;
    this.#state.maxTimestamp = 0;
  }

  #beginValue(): void {
    this.ensure(ZIGZAG_MAX);
    this.#partStart = this.position + this.#state.valueWidth;
    this.position = this.#partStart;
  }

  /** Writes the length of the key or value before it and returns its width. */
  #endPart(guess: number): number {
    const length = this.position - this.#partStart;
    const width = zigzagWidth(length);
    const lengthAt = this.#partStart - guess;
    if (width !== guess) this.#shift(this.#partStart, width - guess);
    writeVarint(this.buffer, lengthAt, length);
    return width;
  }

  #shift(from: number, by: number): void {
    this.ensure(by);
    this.buffer.copyWithin(from + by, from, this.position);
    this.position += by;
  }

  #copy(bytes: Uint8Array): void {
    this.write(bytes, 0, bytes.length);
  }

  #text(text: string): void {
    this.ensure(UTF8_MAX * text.length);
    this.position += this.buffer.write(text, this.position, 'utf8');
  }

  #packed(codec: CompressionCodec): Buffer {
    const records = compress(codec, this.buffer.subarray(BATCH_OVERHEAD, this.position));
    const size = BATCH_OVERHEAD + records.length;
    if (this.#packedInto === null || this.#packedInto.length < size) {
      if (this.#packedInto !== null) release(this.#packedInto);
      this.#packedInto = this.#allocate(size);
    }
    this.#packedInto.set(records, BATCH_OVERHEAD);
    return this.#packedInto.subarray(0, size);
  }

  #grow(bytes: number): void {
    const grown = this.#allocate(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(grown, 0, 0, this.position);
    release(this.buffer);
    this.buffer = grown;
    this.view = viewOf(grown);
    this.#state.moveTo(grown);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
