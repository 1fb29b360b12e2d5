import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionForKey } from '../../../src/kafka/records/partitioner.ts';

describe('murmur2', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the tests of Kafka say', (text, expected) => {
    const bytes = Buffer.from(`__${text}__`);
    expect(murmur2(Buffer.from(text))).toBe(expected);
    expect(murmur2(bytes, 2, bytes.length - 2)).toBe(expected);
  });

  it("puts keys where kafkajs's partitioner, which is made to agree with Java's, puts them", () => {
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 0,
      replicas: [0],
      isr: [0],
    }));
    const keys = Array.from({ length: 200 }, (_, i) => Buffer.from(`${'x'.repeat(i % 9)}-é-${i}`));
    const placed = keys.map((key) =>
      choose({ topic: 'any', partitionMetadata, message: { key, value: null } }),
    );
    expect(keys.map((key) => partitionForKey(key, 7))).toEqual(placed);
    expect(new Set(placed).size).toBe(7);
  });
});
