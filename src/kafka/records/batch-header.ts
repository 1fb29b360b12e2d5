import { crc32c } from '@node-rs/crc32';
import { type CompressionCodec, codecAttribute } from './compression.ts';

/** Bytes before the records of a batch, magic 2. */
export const BATCH_OVERHEAD = 61;
const CRC_START = 21;
const TRANSACTIONAL_ATTRIBUTE = 0x10;
const MAGIC = 2;

/** What a batch is sealed with. `baseSequence` counts records per partition and wraps after 2^31 - 1. */
export interface BatchSeal {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
  readonly compression: CompressionCodec;
}

/** What its records say of a batch. Timestamps are milliseconds since 1970. */
export interface BatchFacts {
  readonly count: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
}

/** Writes the first bytes of a batch, its checksum among them, and gives it back. */
export function writeBatchHeader(batch: Buffer, seal: BatchSeal, facts: BatchFacts): Buffer {
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch[16] = MAGIC;
  batch.writeInt16BE(
    codecAttribute(seal.compression) | (seal.transactional ? TRANSACTIONAL_ATTRIBUTE : 0),
    21,
  );
  batch.writeInt32BE(facts.count - 1, 23);
  batch.writeBigInt64BE(BigInt(facts.baseTimestamp), 27);
  batch.writeBigInt64BE(BigInt(facts.maxTimestamp), 35);
  batch.writeBigInt64BE(seal.producerId, 43);
  batch.writeInt16BE(seal.producerEpoch, 51);
  batch.writeInt32BE(seal.baseSequence, 53);
  batch.writeInt32BE(facts.count, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(CRC_START)), 17);
  return batch;
}
