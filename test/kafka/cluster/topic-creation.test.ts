import { describe, expect, it } from 'vitest';
import { ensureTopics } from '../../../src/kafka/cluster/topic-creation.ts';
import { describeTopics } from '../../../src/kafka/cluster/topics.ts';
import { testClient, uniqueName } from '../support.ts';

describe('ensureTopics', () => {
  it('creates what is missing, with its partitions and configuration, and leaves the rest', async () => {
    const client = testClient();
    const topic = uniqueName('topic');
    const config = { 'max.message.bytes': '2000000', 'cleanup.policy': 'compact' };
    expect(await ensureTopics(client, [{ topic, partitions: 4, replicationFactor: 1, config }])).toEqual([
      topic,
    ]);
    expect(await ensureTopics(client, [{ topic, partitions: 9, replicationFactor: 1 }])).toEqual([]);
    expect((await describeTopics(client, [topic])).get(topic)).toEqual({
      topic,
      partitions: 4,
      maxMessageBytes: 2_000_000,
      cleanupPolicy: 'compact',
      rules: {
        maxAheadMs: 3_600_000,
        maxBehindMs: Number.POSITIVE_INFINITY,
        retentionMs: Number.POSITIVE_INFINITY,
        wantsKey: true,
      },
    });
  });

  it('may be run by many at once', async () => {
    const topic = uniqueName('topic');
    const spec = { topic, partitions: 2, replicationFactor: 1 };
    const created = await Promise.all(Array.from({ length: 5 }, () => ensureTopics(testClient(), [spec])));
    expect(created.flat()).toEqual([topic]);
  });

  it('takes the number of partitions and replicas from the broker for -1', async () => {
    const topic = uniqueName('topic');
    await ensureTopics(testClient(), [{ topic, partitions: -1, replicationFactor: -1 }]);
    expect((await describeTopics(testClient(), [topic])).get(topic)?.partitions).toBeGreaterThan(0);
  });

  it.each([
    [{ replicationFactor: 77 }, /INVALID_REPLICATION_FACTOR/],
    [{ config: { 'no.such.config': '1' } }, /INVALID_CONFIG/],
    [{ topic: 'not a name' }, /INVALID_TOPIC_EXCEPTION/],
  ])('explains why it cannot create a topic with %j', async (wrong, reason) => {
    const spec = { topic: uniqueName('topic'), partitions: 1, replicationFactor: 1, ...wrong };
    const attempt = ensureTopics(testClient(), [spec]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
    await expect(attempt).rejects.toThrow(reason);
    await expect(attempt).rejects.toThrow(spec.topic);
  });
});
