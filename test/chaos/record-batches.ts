import { gunzipSync } from 'node:zlib';

/** A record batch (magic 2) as the broker keeps it: https://kafka.apache.org/documentation/#recordbatch */
export interface RawBatch {
  readonly lastOffset: bigint;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** What a control batch says; null for a batch of records. */
  readonly marker: 'abort' | 'commit' | null;
  readonly records: readonly RawRecord[];
}

export interface RawRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ReadonlyMap<string, string>;
}

const HEADER_BYTES = 61;
const LENGTH_AT = 8;
const BATCH_START = 12;

/** The whole batches in fetched bytes; the last may be cut off by the broker and is left out. */
export function* rawBatches(bytes: Buffer): Generator<RawBatch> {
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + BATCH_START + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) return;
    yield rawBatch(bytes.subarray(at, end));
    at = end;
  }
}

function rawBatch(bytes: Buffer): RawBatch {
  const magic = bytes.readInt8(16);
  const attributes = bytes.readInt16BE(21);
  const compression = attributes & 7;
  if (magic !== 2 || compression > 1)
    throw new Error(`a batch of magic ${magic}, compression ${compression}`);
  const baseOffset = bytes.readBigInt64BE(0);
  const body = bytes.subarray(HEADER_BYTES);
  const records = readRecords(compression === 1 ? gunzipSync(body) : body, baseOffset, bytes.readInt32BE(57));
  return {
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(23)),
    producerId: bytes.readBigInt64BE(43),
    isTransactional: (attributes & 16) !== 0,
    marker: (attributes & 32) === 0 ? null : records[0]?.key?.readInt16BE(2) === 0 ? 'abort' : 'commit',
    records,
  };
}

function readRecords(bytes: Buffer, baseOffset: bigint, count: number): RawRecord[] {
  const cursor = new Cursor(bytes);
  return Array.from({ length: count }, () => {
    cursor.varint();
    cursor.skip(1);
    cursor.varint();
    const offset = baseOffset + BigInt(cursor.varint());
    const key = cursor.bytes();
    const value = cursor.bytes();
    const headers = new Map<string, string>();
    for (let left = cursor.varint(); left > 0; left--)
      headers.set(String(cursor.bytes()), String(cursor.bytes()));
    return { offset, key, value, headers };
  });
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** Zigzag. Multiplies, as a timestamp's difference may need more than 32 bits. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
