import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureTopics } from '../../../src/kafka/cluster/topic-creation.ts';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import type { TransactionalProducer } from '../../../src/kafka/producer/transactional-producer.ts';
import { followTopic } from '../../../src/kafka/reader/topic-tail.ts';
import { withAdmin } from '../../support/kafka-admin.ts';
import { startKafka } from '../../support/stack.ts';
import {
  batchOf,
  bootstrapServers,
  newTopic,
  SOON,
  startProducer,
  testClient,
  uniqueName,
} from '../support.ts';

/** Longer than brokers take to have a topic again, or to be up again. */
const LATER = { timeout: 60_000, interval: 50 };

/** What a tail has told so far; it ends with the test. */
class Followed {
  readonly values: string[] = [];
  readonly positions = new Map<number, bigint>();
  /** How often all was read. */
  caughtUp = 0;
  anew = 0;
  readonly ending = new AbortController();
  readonly ended: Promise<void>;

  constructor(topic: string, client: KafkaClient = testClient()) {
    this.ended = followTopic(client, topic, ({ value }) => this.values.push(String(value)), {
      signal: this.ending.signal,
      onCaughtUp: () => {
        this.caughtUp++;
      },
      onPosition: (partition, offset) => this.positions.set(partition, offset),
      onAnew: () => {
        this.anew++;
        this.values.length = 0;
      },
    });
    onTestFinished(() => this.ending.abort());
  }
}

async function write(
  producer: TransactionalProducer,
  topic: string,
  value: string,
  end: 'commit' | 'abort' = 'commit',
): Promise<void> {
  producer.begin();
  await producer.send([{ topic, partition: 0, batch: batchOf(value) }]);
  await producer[end]();
}

describe('followTopic', () => {
  it('tells what is there, that all was read, and then what comes', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    await write(producer, topic, 'before');
    const followed = new Followed(topic);
    await expect.poll(() => followed.caughtUp, SOON).toBe(1);
    expect(followed.values).toEqual(['before']);
    await write(producer, topic, 'after');
    await expect.poll(() => followed.values, SOON).toEqual(['before', 'after']);
    expect(followed.caughtUp).toBe(1);
  });

  it('passes over what is aborted, and tells the position behind it', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    const followed = new Followed(topic);
    await expect.poll(() => followed.positions.get(0), SOON).toBe(0n);
    await write(producer, topic, 'one');
    await write(producer, topic, 'not this', 'abort');
    await expect.poll(() => followed.positions.get(0), SOON).toBe(4n);
    expect(followed.values).toEqual(['one']);
    await write(producer, topic, 'two');
    await expect.poll(() => followed.values, SOON).toEqual(['one', 'two']);
  });

  it('what is behind an open transaction is told when that has ended, and is not waited for at first', async () => {
    const topic = await newTopic();
    const [one, other] = [await startProducer(), await startProducer()];
    await write(one, topic, 'a');
    other.begin();
    await other.send([{ topic, partition: 0, batch: batchOf('open') }]);
    await write(one, topic, 'b');
    const followed = new Followed(topic);
    await expect.poll(() => followed.caughtUp, SOON).toBe(1);
    expect(followed.values).toEqual(['a']);
    await other.commit();
    await expect.poll(() => followed.values, SOON).toEqual(['a', 'open', 'b']);
  });

  it('all partitions are followed, also those that are added', async () => {
    const topic = await newTopic({ partitions: 3 });
    const producer = await startProducer();
    const followed = new Followed(topic);
    await expect.poll(() => followed.caughtUp, SOON).toBe(1);
    await withAdmin(bootstrapServers, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] }),
    );
    producer.begin();
    await producer.send([
      { topic, partition: 1, batch: batchOf('one') },
      { topic, partition: 2, batch: batchOf('two') },
    ]);
    await producer.commit();
    await expect.poll(() => followed.values.toSorted(), SOON).toEqual(['one', 'two']);
    await expect.poll(() => [...followed.positions.keys()].sort(), LATER).toEqual([0, 1, 2, 3]);
  }, 90_000);

  it('a topic of which compaction has taken all but the latest is read to its end', async () => {
    const config = {
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '0',
    };
    const topic = await newTopic({ config });
    const producer = await startProducer();
    for (let round = 0; round < 20; round++) await write(producer, topic, `${round}`);
    await sleep(300);
    await write(producer, topic, 'last');
    await expect
      .poll(async () => {
        const followed = new Followed(topic);
        await expect.poll(() => followed.caughtUp, SOON).toBe(1);
        followed.ending.abort();
        expect(followed.positions.get(0)).toBe(42n);
        expect(followed.values.at(-1)).toBe('last');
        return followed.values.length;
      }, LATER)
      .toBeLessThan(5);
  }, 90_000);

  it('a topic that was made anew is read from its beginning, however much is in it', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    await write(producer, topic, 'former');
    const followed = new Followed(topic);
    await expect.poll(() => followed.values, SOON).toEqual(['former']);
    await withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [topic] }));
    const made = () => ensureTopics(testClient(), [{ topic, partitions: 1, replicationFactor: 1 }]);
    await expect
      .poll(
        () =>
          made().then(
            () => true,
            () => false,
          ),
        LATER,
      )
      .toBe(true);
    const next = await startProducer();
    for (const value of ['1', '2', '3']) await write(next, topic, value);
    await expect.poll(() => followed.values, LATER).toEqual(['1', '2', '3']);
    expect(followed.anew).toBeGreaterThan(0);
  }, 90_000);

  it('an outage of the broker is waited out, and told once', async () => {
    const cluster = await startKafka();
    onTestFinished(() => cluster.stop());
    const told: string[] = [];
    const quick = { bootstrapServers: cluster.bootstrapServers, requestTimeoutMs: 2000 };
    const client = testClient(quick);
    const topic = uniqueName('topic');
    await ensureTopics(client, [{ topic, partitions: 1, replicationFactor: 1 }]);
    const log = (level: string, message: string) => {
      if (level === 'warn') told.push(message);
    };
    const followed = new Followed(topic, { ...client, log });
    await write(await startProducer({}, client), topic, 'before');
    await expect.poll(() => followed.values, SOON).toEqual(['before']);
    const [broker] = cluster.brokers;
    await broker?.kill();
    await expect.poll(() => told, LATER).toEqual(['A topic cannot be followed for now']);
    await broker?.start();
    await write(await startProducer({}, client), topic, 'after');
    await expect.poll(() => followed.values, LATER).toEqual(['before', 'after']);
    broker?.pause();
    await expect.poll(() => told.length, LATER).toBe(2);
    broker?.unpause();
    await write(await startProducer({}, client), topic, 'at last');
    await expect.poll(() => followed.values, LATER).toEqual(['before', 'after', 'at last']);
    expect(told).toHaveLength(2);
  }, 180_000);

  it('ends when it is told to, also while it waits for what comes', async () => {
    const followed = new Followed(await newTopic());
    await expect.poll(() => followed.caughtUp, SOON).toBe(1);
    followed.ending.abort();
    await expect(followed.ended).resolves.toBeUndefined();
  });

  it('names a topic that is missing from the first', async () => {
    const topic = uniqueName('missing');
    const { ended } = new Followed(topic);
    await expect(ended).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
    await expect(ended).rejects.toThrow(topic);
  });
});
