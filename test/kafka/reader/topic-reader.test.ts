import { describe, expect, it } from 'vitest';
import {
  type ReadToEndOptions,
  readCommitted,
  readToEnd,
  type TopicRecord,
} from '../../../src/kafka/reader/topic-reader.ts';
import { batchOf, newTopic, startProducer, testClient, uniqueName } from '../support.ts';

async function read(topic: string, options?: ReadToEndOptions): Promise<TopicRecord[]> {
  const records: TopicRecord[] = [];
  await readToEnd(testClient(), topic, (record) => records.push(record), options);
  return records;
}

async function committedIn(topic: string): Promise<string[]> {
  const values: string[] = [];
  await readCommitted(testClient(), topic, ({ value }) => values.push(String(value)));
  return values;
}

const valuesOf = (records: readonly TopicRecord[]) => records.map(({ value }) => value?.toString());

describe('readToEnd', () => {
  it('reads nothing of an empty topic', async () => {
    expect(await read(await newTopic({ partitions: 5 }))).toEqual([]);
  });

  it('reads keys, values, timestamps and offsets of all partitions, each in order', async () => {
    const topic = await newTopic({ partitions: 4 });
    const producer = await startProducer();
    producer.begin();
    for (let i = 0; i < 30; i++) {
      const batches = [0, 1, 3].map((partition) => ({ topic, partition, batch: batchOf(`${i}a`, `${i}b`) }));
      await producer.send(batches);
    }
    await producer.commit();
    const records = await read(topic);
    for (const partition of [0, 1, 3]) {
      const own = records.filter((record) => record.partition === partition);
      expect(valuesOf(own)).toEqual(Array.from({ length: 30 }, (_, i) => [`${i}a`, `${i}b`]).flat());
      expect(own[1]).toMatchObject({ offset: 1n, timestamp: 1_700_000_000_001, key: Buffer.from('k1') });
    }
    expect(records).toHaveLength(180);
  });

  it('passes over what was aborted, between and around what was committed', async () => {
    const topic = await newTopic();
    const [one, other] = [await startProducer(), await startProducer({ compression: 'gzip' })];
    for (let round = 0; round < 4; round++) {
      one.begin();
      other.begin();
      await one.send([{ topic, partition: 0, batch: batchOf(`one${round}`) }]);
      await other.send([{ topic, partition: 0, batch: batchOf(`other${round}`) }]);
      await one.send([{ topic, partition: 0, batch: batchOf(`one${round}+`) }]);
      await (round % 2 === 0 ? one.abort() : one.commit());
      await (round < 2 ? other.commit() : other.abort());
    }
    expect(valuesOf(await read(topic))).toEqual(['other0', 'one1', 'other1', 'one1+', 'one3', 'one3+']);
  });

  it('waits for a transaction that is open, and sees how it ends', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf('pending') }]);
    let isRead = false;
    const reading = read(topic).finally(() => {
      isRead = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(isRead).toBe(false);
    await producer.commit();
    expect(valuesOf(await reading)).toEqual(['pending']);
  });

  it('says that a transaction stays open when it has waited long enough', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf('pending') }]);
    const reading = read(topic, { timeoutMs: 300 });
    await expect(reading).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
    await expect(reading).rejects.toThrow(/transaction is still open .* partition 0 at offset 0/);
    await producer.abort();
  });

  it('ends at where the topic ended when it was asked', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    const write = async (value: string) => {
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf(value) }]);
      await producer.commit();
    };
    for (let i = 0; i < 5; i++) await write(`before${i}`);
    let isRead = false;
    const reading = read(topic).finally(() => {
      isRead = true;
    });
    while (!isRead) await write('during');
    expect(valuesOf(await reading).slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((i) => `before${i}`));
  });

  it('reads more than one answer of the broker holds', async () => {
    const topic = await newTopic({ partitions: 2 });
    const producer = await startProducer();
    producer.begin();
    for (let i = 0; i < 8; i++) {
      const batches = [0, 1].map((partition) => ({
        topic,
        partition,
        batch: batchOf('x'.repeat(700_000), `${i}`),
      }));
      await producer.send(batches);
    }
    await producer.commit();
    const records = await read(topic);
    const short = (partition: number) =>
      records.filter((one) => one.partition === partition && one.value?.length === 1);
    for (const partition of [0, 1]) {
      expect(valuesOf(short(partition))).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    }
  });

  it('gives the latest value of a key last, for a topic that is compacted', async () => {
    const topic = await newTopic({ config: { 'cleanup.policy': 'compact' } });
    const producer = await startProducer();
    for (const value of ['old', 'new', 'aborted']) {
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf(value) }]);
      await (value === 'aborted' ? producer.abort() : producer.commit());
    }
    expect(valuesOf(await read(topic)).at(-1)).toBe('new');
  });

  it('names a topic that is missing', async () => {
    const topic = uniqueName('missing');
    const reading = read(topic);
    await expect(reading).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
    await expect(reading).rejects.toThrow(topic);
  });
});

describe('readCommitted', () => {
  it('what is committed is read at once, up to the first transaction that is open', async () => {
    const topic = await newTopic();
    const [one, other] = [await startProducer(), await startProducer()];
    one.begin();
    await one.send([{ topic, partition: 0, batch: batchOf('a', 'b') }]);
    await one.commit();
    other.begin();
    await other.send([{ topic, partition: 0, batch: batchOf('open') }]);
    one.begin();
    await one.send([{ topic, partition: 0, batch: batchOf('behind it') }]);
    await one.commit();
    expect(await committedIn(topic)).toEqual(['a', 'b']);
    await other.abort();
    await expect.poll(() => committedIn(topic)).toEqual(['a', 'b', 'behind it']);
  });

  it('all partitions are read, the empty ones too', async () => {
    const topic = await newTopic({ partitions: 3 });
    const producer = await startProducer();
    producer.begin();
    await producer.send([
      { topic, partition: 0, batch: batchOf('zero') },
      { topic, partition: 2, batch: batchOf('two') },
    ]);
    await producer.commit();
    await expect.poll(() => committedIn(topic)).toEqual(['zero', 'two']);
  });

  it('a topic that is not there is no error', async () => {
    expect(await readCommitted(testClient(), uniqueName('none'), () => {})).toBe(false);
  });
});
