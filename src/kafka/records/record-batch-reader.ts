import { crc32c } from '@node-rs/crc32';
import { HeadraceError } from '../../errors.ts';
import { decompress } from './compression.ts';

const CRC_START = 21;
const RECORDS_START = 61;
const LENGTH_END = 12;
const MAGIC = 2;
const CODEC_MASK = 0x07;
const LOG_APPEND_TIME_MASK = 0x08;
const TRANSACTIONAL_MASK = 0x10;
const CONTROL_MASK = 0x20;
const ABORT_MARKER = 0;
/** So many bytes of a varint hold less than 2^53. */
const EXACT_BYTES = 7;

/** A record batch of a log, magic 2, with its records still packed. */
export interface ReadBatch {
  readonly baseOffset: bigint;
  /** The offset of its last record when it was written; compaction may have taken that record away. */
  readonly lastOffset: bigint;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** What a control batch says of its producer's transaction, or null for a batch of records. */
  readonly marker: 'abort' | 'commit' | null;
  /** Unpacks the records. Keys, values and headers are views of the batch's bytes. */
  records(): ReadRecord[];
  /** The same, one after the other: of a topic that is read from its beginning none need be kept. */
  eachRecord(): Iterable<ReadRecord>;
}

export interface ReadRecord {
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/**
 * The whole batches at the start of `bytes`; what a broker cut off at the end is left out. Throws KAFKA_UNAVAILABLE
 * when a checksum is wrong and TOPIC_INVALID for a message format before magic 2.
 */
export function readBatches(bytes: Buffer): ReadBatch[] {
  const batches: ReadBatch[] = [];
  let at = 0;
  while (at + RECORDS_START <= bytes.length) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    batches.push(readBatch(bytes.subarray(at, end)));
    at = end;
  }
  return batches;
}

/** The offset behind batches that were read; null when there are none. */
export function offsetBehind(batches: readonly ReadBatch[]): bigint | null {
  const last = batches.at(-1);
  return last === undefined ? null : last.lastOffset + 1n;
}

function readBatch(bytes: Buffer): ReadBatch {
  const baseOffset = bytes.readBigInt64BE(0);
  if (bytes[16] !== MAGIC) {
    const message = `The topic holds messages of format ${bytes[16]} at offset ${baseOffset}; only format 2 (Kafka 0.11 and later) can be read.`;
    throw new HeadraceError('TOPIC_INVALID', message);
  }
  if (bytes.readUInt32BE(17) !== crc32c(bytes.subarray(CRC_START))) {
    const message = `The batch at offset ${baseOffset} came with a wrong checksum: it was damaged on the way or on the broker's disk.`;
    throw new HeadraceError('KAFKA_UNAVAILABLE', message);
  }
  const attributes = bytes.readInt16BE(21);
  const isControl = (attributes & CONTROL_MASK) !== 0;
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(23)),
    producerId: bytes.readBigInt64BE(43),
    isTransactional: (attributes & TRANSACTIONAL_MASK) !== 0,
    marker: isControl ? markerOf([...readRecords(bytes, attributes, baseOffset)]) : null,
    records: () => [...readRecords(bytes, attributes, baseOffset)],
    eachRecord: () => readRecords(bytes, attributes, baseOffset),
  };
}

/** A control record's key is its version and its type, 16 bits each. */
function markerOf(records: readonly ReadRecord[]): 'abort' | 'commit' {
  return records[0]?.key?.readInt16BE(2) === ABORT_MARKER ? 'abort' : 'commit';
}

function* readRecords(batch: Buffer, attributes: number, baseOffset: bigint): Generator<ReadRecord> {
  const baseTimestamp = Number(batch.readBigInt64BE(27));
  const maxTimestamp = Number(batch.readBigInt64BE(35));
  const isLogAppendTime = (attributes & LOG_APPEND_TIME_MASK) !== 0;
  const count = batch.readInt32BE(57);
  const reader = new RecordReader(decompress(attributes & CODEC_MASK, batch.subarray(RECORDS_START)));
  for (let index = 0; index < count; index++) {
    reader.varint(); // length
    reader.skip(1); // attributes
    const time = baseTimestamp + reader.varint();
    yield {
      timestamp: isLogAppendTime ? maxTimestamp : time,
      offset: baseOffset + BigInt(reader.varint()),
      key: reader.bytes(),
      value: reader.bytes(),
      headers: readHeaders(reader),
    };
  }
}

function readHeaders(reader: RecordReader): ReadRecord['headers'] {
  const headers: (readonly [name: string, value: Buffer | null])[] = [];
  for (let left = reader.varint(); left > 0; left--)
    headers.push([reader.bytes()?.toString() ?? '', reader.bytes()]);
  return headers;
}

/** Reads the parts of records: zigzag varints and the byte strings that they measure. */
class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** A plain number as far as it is one for certain: of a record nearly all are a byte or two. */
  varint(): number {
    let value = 0;
    let unit = 1;
    for (let at = this.#at; at < this.#at + EXACT_BYTES; unit *= 128) {
      const byte = this.#bytes.readUInt8(at++);
      value += (byte & 127) * unit;
      if (byte < 128) {
        this.#at = at;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    }
    return Number(this.#varlong());
  }

  #varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes.readUInt8(this.#at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return (value >> 1n) ^ -(value & 1n);
    }
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }
}
