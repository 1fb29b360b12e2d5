import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionForKey } from '../../src/kafka/murmur2.ts';
import { bootstrapServers, kcat, newTopic } from './support.ts';

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

  it("puts keys where librdkafka's murmur2 partitioner puts them", async () => {
    const topic = await newTopic({ partitions: 7 });
    const keys = Array.from({ length: 200 }, (_, i) => `${'x'.repeat(i % 9)}-é-${i}`);
    execFileSync(
      'kcat',
      ['-b', bootstrapServers, '-P', '-t', topic, '-K', '\t', '-X', 'topic.partitioner=murmur2'],
      {
        input: keys.map((key) => `${key}\tv\n`).join(''),
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    const placed = kcat(topic, '%p %k').map((line) => line.split(' '));
    expect(placed).toHaveLength(keys.length);
    for (const [partition, key] of placed) {
      expect(partitionForKey(Buffer.from(key as string), 7)).toBe(Number(partition));
    }
  });
});
