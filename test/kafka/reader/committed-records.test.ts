import { crc32c } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { committedRecords } from '../../../src/kafka/reader/committed-records.ts';
import { offsetBehind, readBatches } from '../../../src/kafka/records/record-batch-reader.ts';
import { batchOf } from '../support.ts';

const CONTROL = 0x20;

/** A batch as a broker keeps it: its offset set, its end perhaps stretched over records that compaction took away. */
function stored(
  baseOffset: number,
  producerId: bigint,
  values: readonly string[],
  { gap = 0, attributes = 0 } = {},
): Buffer {
  const seal = {
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    transactional: true,
    compression: 'none',
  } as const;
  const batch = Buffer.from(batchOf(...values).seal(seal));
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  batch.writeInt16BE(batch.readInt16BE(21) | attributes, 21);
  batch.writeInt32BE(values.length - 1 + gap, 23);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** A control batch: the key of its record is a version and a type. */
function marker(baseOffset: number, producerId: bigint, type: 'abort' | 'commit'): Buffer {
  const batch = stored(baseOffset, producerId, ['marker'], { attributes: CONTROL });
  const key = batch.indexOf('k0');
  const wide = Buffer.concat([
    batch.subarray(0, key - 1),
    Buffer.from([8, 0, 0, 0, type === 'abort' ? 0 : 1]),
    batch.subarray(key + 2),
  ]);
  wide[61] = (batch[61] as number) + 4;
  wide.writeInt32BE(wide.length - 12, 8);
  wide.writeUInt32BE(crc32c(wide.subarray(21)), 17);
  return wide;
}

function read(batches: readonly Buffer[], aborted: readonly [bigint, bigint][] = [], from = 0n) {
  const starts = aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset }));
  const fetched = readBatches(Buffer.concat(batches));
  const records = [...committedRecords(fetched, starts, from)];
  return { values: records.map(({ value }) => `${value}`), nextOffset: offsetBehind(fetched) };
}

describe('committedRecords', () => {
  it('passes over an aborted transaction, and takes the next one of the same producer', () => {
    const log = [
      stored(0, 7n, ['aborted']),
      stored(1, 8n, ['other']),
      marker(2, 7n, 'abort'),
      stored(3, 7n, ['again']),
      marker(4, 7n, 'commit'),
      marker(5, 8n, 'commit'),
    ];
    expect(read(log, [[7n, 0n]])).toEqual({ values: ['other', 'again'], nextOffset: 6n });
  });

  it('knows a transaction that was aborted again and again, in whatever order the broker lists them', () => {
    const log = [
      stored(0, 7n, ['a']),
      marker(1, 7n, 'abort'),
      stored(2, 7n, ['b']),
      marker(3, 7n, 'abort'),
      stored(4, 7n, ['c']),
    ];
    const aborted: [bigint, bigint][] = [
      [7n, 2n],
      [7n, 0n],
    ];
    expect(read(log, aborted).values).toEqual(['c']);
  });

  it('reads on behind records and batches that compaction took away', () => {
    const log = [stored(10, 7n, ['a', 'b'], { gap: 30 }), stored(100, 7n, [], { gap: 6 })];
    expect(read(log)).toEqual({ values: ['a', 'b'], nextOffset: 106n });
  });

  it('leaves out what lies before the offset that was asked for, and a batch that is cut off', () => {
    const log = [stored(0, 7n, ['a', 'b', 'c']), stored(3, 7n, ['d']).subarray(0, 70)];
    expect(read(log, [], 1n)).toEqual({ values: ['b', 'c'], nextOffset: 3n });
    expect(read([])).toEqual({ values: [], nextOffset: null });
  });

  it('refuses a batch whose checksum is wrong, and one of an old format', () => {
    const damaged = stored(0, 7n, ['abc']);
    damaged[damaged.length - 3] = 0;
    expect(() => read([damaged])).toThrow(expect.objectContaining({ code: 'KAFKA_UNAVAILABLE' }));
    const old = stored(0, 7n, ['abc']);
    old[16] = 1;
    expect(() => read([old])).toThrow(/format 1 at offset 0/);
  });

  it('says which compression it cannot read', () => {
    expect(() => read([stored(0, 7n, ['a'], { attributes: 5 })])).toThrow(/compression has number 5/);
  });
});
