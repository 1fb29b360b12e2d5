import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedBytes } from '../../../src/kafka/records/fixed-bytes.ts';
import { type BatchRecord, RecordBatchBuilder } from '../../../src/kafka/records/record-batch.ts';
import { readBatches } from '../../../src/kafka/records/record-batch-reader.ts';
import { encodeHeaderName, encodeHeaders } from '../../../src/kafka/records/record-headers.ts';

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0');
const kafkajsDecodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder');
const Decoder = require('kafkajs/src/protocol/decoder');

const SEAL = {
  producerId: 4_294_967_297n,
  producerEpoch: 3,
  baseSequence: 2_147_483_000,
  transactional: true,
  compression: 'none',
} as const;

const bytes = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  { weight: 1, arbitrary: fc.nat(20_000).map((size) => new Uint8Array(size).fill(size)) },
);
const nullable = fc.option(bytes, { nil: null });
const header = fc.tuple(
  fc.string({ maxLength: 80, unit: 'grapheme' }).map((name) => `h${name}`),
  nullable,
);
const record: fc.Arbitrary<BatchRecord> = fc.record({
  key: nullable,
  value: nullable,
  headers: fc.uniqueArray(header, { maxLength: 6, selector: ([name]) => name }),
  timestamp: fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.integer({ min: 1.7e12, max: 1.7e12 + 500 })),
});

function build(records: readonly BatchRecord[]): RecordBatchBuilder {
  const builder = new RecordBatchBuilder(1);
  for (const one of records) builder.append(one);
  return builder;
}

/** kafkajs's encoder cannot take null for a header's value. */
async function byKafkajs(records: readonly BatchRecord[]): Promise<Buffer> {
  const first = records[0]?.timestamp as number;
  const encoder = await RecordBatch({
    firstTimestamp: first,
    maxTimestamp: Math.max(...records.map(({ timestamp }) => timestamp)),
    partitionLeaderEpoch: -1,
    lastOffsetDelta: records.length - 1,
    transactional: SEAL.transactional,
    producerId: SEAL.producerId,
    producerEpoch: SEAL.producerEpoch,
    firstSequence: SEAL.baseSequence,
    records: records.map(({ key, value, headers, timestamp }, offsetDelta) =>
      kafkajsRecord({
        key: key && Buffer.from(key),
        value: value && Buffer.from(value),
        offsetDelta,
        timestampDelta: timestamp - first,
        headers: Object.fromEntries((headers as [string, Uint8Array][]).map(([k, v]) => [k, Buffer.from(v)])),
      }),
    ),
  });
  return encoder.buffer;
}

const plain = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value).toString('hex'));

function expected(records: readonly BatchRecord[]) {
  return records.map(({ key, value, headers, timestamp }, index) => ({
    key: plain(key),
    value: plain(value),
    headers: (headers as [string, Uint8Array | null][]).map(([name, content]) => [name, plain(content)]),
    timestamp,
    offset: index,
  }));
}

describe('RecordBatchBuilder', () => {
  it("writes the same bytes as kafkajs's encoder", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const filled = records.map((one) => ({
          ...one,
          headers: (one.headers as [string, Uint8Array | null][]).map(
            ([k, v]) => [k, v ?? Buffer.alloc(0)] as const,
          ),
        }));
        expect(
          build(filled)
            .seal(SEAL)
            .equals(await byKafkajs(filled)),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("is read back by kafkajs's decoder", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const batch = await kafkajsDecodeBatch(new Decoder(build(records).seal(SEAL)));
        expect(batch).toMatchObject({
          producerId: `${SEAL.producerId}`,
          producerEpoch: 3,
          inTransaction: true,
        });
        const read = batch.records.map((one: Record<string, never>) => ({
          key: plain(one.key as never),
          value: plain(one.value as never),
          headers: Object.entries(one.headers as never).map(([name, content]) => [
            name,
            plain(content as never),
          ]),
          timestamp: Number(one.timestamp),
          offset: Number(one.offset),
        }));
        expect(read).toEqual(expected(records));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['none', 'gzip'] as const)(
    "is read back by Headrace's reader with compression %s",
    (compression) => {
      fc.assert(
        fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
          const [batch] = readBatches(build(records).seal({ ...SEAL, compression }));
          expect(batch).toMatchObject({ producerId: SEAL.producerId, isTransactional: true, marker: null });
          expect(batch?.lastOffset).toBe(BigInt(records.length - 1));
          const read = batch?.records().map((one) => ({
            key: plain(one.key),
            value: plain(one.value),
            headers: one.headers.map(([name, content]) => [name, plain(content)]),
            timestamp: one.timestamp,
            offset: Number(one.offset),
          }));
          expect(read).toEqual(expected(records));
        }),
        { numRuns: 60 },
      );
    },
  );

  it('gives the same bytes again after reset', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 5 }),
        fc.array(record, { minLength: 1, maxLength: 5 }),
        (a, b) => {
          const builder = build(a);
          builder.seal(SEAL);
          builder.reset();
          expect(builder.count).toBe(0);
          for (const one of b) builder.append(one);
          expect(builder.seal(SEAL).equals(build(b).seal(SEAL))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('writes in place what append writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bytes, bytes, fc.maxSafeNat()), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const shared = fixedBytes(encodeHeaders([['file.path', Buffer.from('/a/b.csv')]]).bytes);
          const offset = fixedBytes(encodeHeaderName('file.offset'));
          const inPlace = new RecordBatchBuilder();
          for (const [key, value, at] of rows) {
            inPlace.begin(5);
            for (const [part, end] of [
              [key, () => inPlace.endKey()],
              [value, () => inPlace.endValue()],
            ] as const) {
              inPlace.ensure(part.length);
              inPlace.buffer.set(part, inPlace.position);
              inPlace.position += part.length;
              end();
            }
            inPlace.headerCount(2);
            inPlace.fixed(shared);
            inPlace.decimalHeader(offset, at);
            inPlace.end();
          }
          const appended = build(
            rows.map(([key, value, at]) => ({
              key,
              value,
              headers: [
                ['file.path', Buffer.from('/a/b.csv')],
                ['file.offset', Buffer.from(`${at}`)],
              ],
              timestamp: 5,
            })),
          );
          expect(inPlace.seal(SEAL).equals(appended.seal(SEAL))).toBe(true);
        },
      ),
    );
  });

  it('leaves no trace of a cancelled record', () => {
    const row = (value: string): BatchRecord => ({
      key: null,
      value: Buffer.from(value),
      headers: [],
      timestamp: 7,
    });
    const builder = build([row('a')]);
    builder.begin(9_000);
    builder.nullKey();
    builder.ensure(300);
    builder.position += 300;
    builder.endValue();
    builder.cancel();
    builder.append(row('b'));
    expect(builder.count).toBe(2);
    expect(builder.maxTimestamp).toBe(7);
    expect(builder.seal(SEAL).equals(build([row('a'), row('b')]).seal(SEAL))).toBe(true);
  });

  it('has the size that it says', () => {
    const builder = build([{ key: null, value: Buffer.from('abc'), headers: [], timestamp: 7 }]);
    expect(builder.seal(SEAL)).toHaveLength(builder.estimatedSize);
  });
});
