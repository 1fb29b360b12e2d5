import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TransactionalProducer } from '../../../src/kafka/producer/transactional-producer.ts';
import { readToEnd } from '../../../src/kafka/reader/topic-reader.ts';
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch.ts';
import { API, type Direction } from '../../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import {
  batchOf,
  batchOfEveryShape,
  bootstrapServers,
  expectLines,
  expectLinesInAnyOrder,
  linesOf,
  newTopic,
  type RenderRecord,
  renderValue,
  startProducer,
  testClient,
  uniqueName,
  useKafka,
} from '../support.ts';

const FEATURE = 'transaction.version';
const CONCURRENT_TRANSACTIONS = 51;
/** In an answer that speaks of one partition, behind the name of its topic: length, correlation id, tags, lengths, partition. */
const PRODUCE_ERROR_AT = 16;

const renderPlaced: RenderRecord = ({ partition, value }) => `${partition} ${value}`;

describe.each(['TV2', 'old'] as const)('TransactionalProducer, where transactions are %s', (protocol) => {
  beforeAll(() => useKafka(protocol));

  it('speaks as the cluster does', async () => {
    expect((await startProducer()).protocol).toBe(protocol);
  });

  it('shows rows to a read_committed reader once they are committed, in order, with their headers', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    producer.begin();
    const sent = await producer.send([{ topic, partition: 0, batch: batchOfEveryShape() }]);
    expect(await linesOf(topic)).toEqual([]);
    await producer.commit();
    expect(sent).toEqual([{ topic, partition: 0, count: 3, baseOffset: 0n }]);
    // That a header is null and not 'null', and the timestamps, are seen in other-clients.test.ts.
    const render: RenderRecord = ({ partition, offset, key, value, headers }) =>
      JSON.stringify([partition, Number(offset), key?.toString(), value?.toString(), ...headers]);
    await expectLines(topic, render, [
      '[0,0,"BHP","first",["file.name","a.csv"],["empty",""],["none","null"]]',
      '[0,1,null,"second"]',
      '[0,2,"gone",null]',
    ]);
  });

  it('hides aborted rows', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf('aborted') }]);
    await producer.abort();
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf('kept') }]);
    await producer.commit();
    await expectLines(topic, renderValue, ['kept']);
    expect(await linesOf(topic, renderValue, 'read_uncommitted')).toEqual(['aborted', 'kept']);
  });

  it('commits to several topics and partitions at once', async () => {
    const rows = await newTopic({ partitions: 3 });
    const offsets = await newTopic({ config: { 'cleanup.policy': 'compact' } });
    const producer = await startProducer();
    producer.begin();
    await producer.send([
      ...[0, 1, 2].map((partition) => ({ topic: rows, partition, batch: batchOf(`row${partition}`) })),
      { topic: offsets, partition: 0, batch: batchOf('offset') },
    ]);
    expect([...(await linesOf(rows)), ...(await linesOf(offsets))]).toEqual([]);
    await producer.commit();
    await expectLinesInAnyOrder(rows, renderPlaced, ['0 row0', '1 row1', '2 row2']);
    await expectLines(offsets, renderValue, ['offset']);
  });

  it('keeps the order of many sends that are under way at once', async () => {
    const topic = await newTopic({ partitions: 2 });
    const producer = await startProducer();
    const expected: string[] = [];
    producer.begin();
    for (let i = 0; i < 60; i++) {
      expected.push(`${i}a`, `${i}b`);
      const batches = [0, 1].map((partition) => ({ topic, partition, batch: batchOf(`${i}a`, `${i}b`) }));
      void producer.send(batches);
    }
    await producer.commit();
    const inOrder = [0, 1].map((partition) => expected.map((value) => `${partition} ${value}`));
    const byPartition = async () => {
      const lines = await linesOf(topic, renderPlaced);
      return [0, 1].map((partition) => lines.filter((line) => line.startsWith(`${partition} `)));
    };
    await expect.poll(byPartition, { timeout: 5000 }).toEqual(inOrder);
  });

  it('commits 100 transactions in a row', async () => {
    const topic = await newTopic({ partitions: 2 });
    const producer = await startProducer();
    for (let i = 0; i < 100; i++) {
      producer.begin();
      await producer.send([{ topic, partition: i % 2, batch: batchOf(`${i}`) }]);
      await producer.commit();
    }
    await expectLinesInAnyOrder(
      topic,
      renderValue,
      Array.from({ length: 100 }, (_, i) => `${i}`),
    );
  });

  it('writes gzip that others read', async () => {
    const topic = await newTopic();
    const producer = await startProducer({ compression: 'gzip' });
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf('x'.repeat(5000), 'y') }]);
    await producer.commit();
    await expectLines(topic, ({ key, value }) => `${key} ${value}`, [`k0 ${'x'.repeat(5000)}`, 'k1 y']);
  });

  it('leaves a transaction without rows to itself', async () => {
    const producer = await startProducer();
    producer.begin();
    await expect(
      producer.send([{ topic: 'nowhere', partition: 0, batch: new RecordBatchBuilder() }]),
    ).resolves.toEqual([]);
    await producer.commit();
    producer.begin();
    await producer.abort();
    expect(producer.state).toBe('READY');
  });

  it('writes without transactions when it has no transactional id', async () => {
    const topic = await newTopic();
    const producer = await startProducer({ transactionalId: null });
    expect(producer.isTransactional).toBe(false);
    for (const value of ['a', 'b']) {
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf(value) }]);
      await producer.commit();
    }
    await expectLines(topic, ({ offset, value }) => `${offset} ${value}`, ['0 a', '1 b']);
  });
});

describe.each([
  ['is refused', 'TV2', ['first']],
  ['ends that one where transactions follow each other under one epoch', 'old', ['first', 'second']],
] as const)(
  'A commit that reaches the broker once more, while the next transaction is open,',
  (what, protocol, visible) => {
    beforeAll(() => useKafka(protocol));

    it(what, async () => {
      const topic = await newTopic();
      let repeatCommit = (): Promise<unknown> => Promise.reject(new Error('no commit was seen'));
      const proxies = await KafkaProxies.before(bootstrapServers, {
        pass: (direction, apiKey, link, frame) => {
          if (direction !== 'request' || apiKey !== API.endTxn) return;
          const copy = Buffer.from(frame);
          repeatCommit = () => link.repeat(copy);
        },
      });
      onTestFinished(() => proxies.close());
      const client = testClient({ bootstrapServers: proxies.bootstrapServers });
      const producer = await startProducer({}, client);
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf('first') }]);
      await producer.commit();
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf('second') }]);
      await repeatCommit();
      await expectLines(topic, renderValue, visible);
      if (protocol === 'old') return;
      await producer.send([{ topic, partition: 0, batch: batchOf('third') }]);
      await producer.commit();
      await expectLines(topic, renderValue, ['first', 'second', 'third']);
    });
  },
);

describe('A TransactionalProducer whose transactions have an epoch each', () => {
  beforeAll(() => useKafka('TV2'));

  it('sends a batch again that cannot join its transaction yet, and no other of its partition before it has', async () => {
    const topic = await newTopic();
    const seen: Direction[] = [];
    const proxies = await KafkaProxies.before(bootstrapServers, {
      pass: (direction, apiKey, _, frame) => {
        if (apiKey !== API.produce) return;
        seen.push(direction);
        // The broker has taken it, and will know it again.
        if (seen.length === 2) frame.writeInt16BE(CONCURRENT_TRANSACTIONS, PRODUCE_ERROR_AT + topic.length);
      },
    });
    onTestFinished(() => proxies.close());
    const producer = await startProducer({}, testClient({ bootstrapServers: proxies.bootstrapServers }));
    producer.begin();
    const sends = ['a', 'b', 'c'].map((value) =>
      producer.send([{ topic, partition: 0, batch: batchOf(value) }]),
    );
    expect((await Promise.all(sends)).flat().map(({ baseOffset }) => baseOffset)).toEqual([0n, 1n, 2n]);
    await producer.commit();
    expect(seen.slice(0, 4)).toEqual(['request', 'answer', 'request', 'answer']);
    expect(seen).toHaveLength(8);
    await expectLines(topic, renderValue, ['a', 'b', 'c']);
  });

  it('goes on as it was begun when its cluster is raised', async () => {
    const topic = await newTopic();
    let level = 1;
    const proxies = await KafkaProxies.before(bootstrapServers, {
      pass: (direction, apiKey, _, frame) => {
        // The last of them is the one that was agreed on; the one before is what the broker could do.
        const at = frame.lastIndexOf(FEATURE);
        if (direction === 'answer' && apiKey === API.apiVersions && at !== -1)
          frame.writeInt16BE(level, at + FEATURE.length);
      },
    });
    onTestFinished(() => proxies.close());
    const transactionalId = uniqueName('tx');
    const client = testClient({ bootstrapServers: proxies.bootstrapServers });
    const write = async (producer: TransactionalProducer, value: string) => {
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf(value) }]);
      await producer.commit();
      return `${value} ${producer.protocol}`;
    };
    const first = await startProducer({ transactionalId }, client);
    const spoken = [await write(first, 'a')];
    level = 2;
    spoken.push(await write(first, 'b'));
    const second = await startProducer({ transactionalId }, client);
    spoken.push(await write(second, 'c'), await write(second, 'd'));
    expect(spoken).toEqual(['a old', 'b old', 'c TV2', 'd TV2']);
    await expectLines(topic, renderValue, ['a', 'b', 'c', 'd']);
  });
});

describe.each(['TV2', 'old'] as const)(
  'A TransactionalProducer that meets an error, where transactions are %s',
  (protocol) => {
    beforeAll(() => useKafka(protocol));

    it.each(['send', 'commit'] as const)('is fenced at its %s by the next one of its id', async (step) => {
      const topic = await newTopic();
      const transactionalId = uniqueName('tx');
      const zombie = await startProducer({ transactionalId });
      zombie.begin();
      await zombie.send([{ topic, partition: 0, batch: batchOf('zombie') }]);
      const successor = await startProducer({ transactionalId });
      const attempt =
        step === 'send' ? zombie.send([{ topic, partition: 0, batch: batchOf('late') }]) : zombie.commit();
      const fenced = { code: 'KAFKA_FENCED', retriable: false };
      await expect(attempt).rejects.toMatchObject(fenced);
      expect(zombie.state).toBe('FAILED');
      successor.begin();
      await successor.send([{ topic, partition: 0, batch: batchOf('successor') }]);
      await successor.commit();
      await expectLines(topic, renderValue, ['successor']);
      await expect(zombie.commit()).rejects.toMatchObject(fenced);
      expect(() => zombie.send([])).toThrow(expect.objectContaining(fenced));
    });

    it('names a topic that is missing', async () => {
      const producer = await startProducer();
      const topic = uniqueName('missing');
      producer.begin();
      const attempt = producer.send([{ topic, partition: 0, batch: batchOf('a') }]);
      await expect(attempt).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
      await expect(attempt).rejects.toThrow(topic);
      await expect(producer.commit()).rejects.toThrow(topic);
      expect(() => producer.begin()).toThrow(topic);
    });

    it('leaves nothing open that readers would wait for when a broker refused a part of it', async () => {
      const topic = await newTopic();
      const producer = await startProducer({ transactionTimeoutMs: 300_000 });
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf('a') }]);
      const missing = { topic: uniqueName('missing'), partition: 0, batch: batchOf('b') };
      await expect(producer.send([missing])).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
      await producer.close();
      const seen: unknown[] = [];
      await readToEnd(testClient(), topic, (record) => seen.push(record));
      expect(seen).toEqual([]);
    });

    it('names a partition that is missing', async () => {
      const topic = await newTopic();
      const producer = await startProducer();
      producer.begin();
      const attempt = producer.send([{ topic, partition: 9, batch: batchOf('a') }]);
      await expect(attempt).rejects.toThrow(`topic "${topic}", partition 9`);
    });

    it('says what to do about a batch that the topic finds too large', async () => {
      const topic = await newTopic({ config: { 'max.message.bytes': '1000' } });
      const producer = await startProducer();
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf('x'.repeat(2000)) }]);
      const attempt = producer.commit();
      await expect(attempt).rejects.toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
      await expect(attempt).rejects.toThrow(/MESSAGE_TOO_LARGE.*max\.message\.bytes/);
    });

    it('fails all that was still to be sent, and commits nothing of it', async () => {
      const topic = await newTopic();
      const producer = await startProducer();
      producer.begin();
      const sends = ['a', 'b', 'c'].map((value, index) =>
        producer.send([{ topic, partition: index === 1 ? 9 : 0, batch: batchOf(value) }]),
      );
      await expect(producer.commit()).rejects.toThrow('partition 9');
      expect((await Promise.allSettled(sends)).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      expect(await linesOf(topic)).toEqual([]);
    });

    it('says that the transaction was open too long when that is why it was fenced', async () => {
      const topic = await newTopic();
      const producer = await startProducer({ transactionTimeoutMs: 1000 });
      producer.begin();
      await producer.send([{ topic, partition: 0, batch: batchOf('slow') }]);
      await expect
        .poll(
          () => producer.send([{ topic, partition: 0, batch: batchOf('more') }]).then(() => 'sent', String),
          {
            interval: 500,
            timeout: 25_000,
          },
        )
        .toMatch(/open for \d+ ms, its timeout is 1000 ms/);
      expect(await linesOf(topic)).toEqual([]);
      expect(await producer.wasOnlyLate()).toBe(true);
    });

    it('knows another producer that took over while its transaction was open too long', async () => {
      const topic = await newTopic();
      const transactionalId = uniqueName('tx');
      const zombie = await startProducer({ transactionalId, transactionTimeoutMs: 1000 });
      zombie.begin();
      await zombie.send([{ topic, partition: 0, batch: batchOf('slow') }]);
      await setTimeout(1100);
      await startProducer({ transactionalId });
      await expect(zombie.commit()).rejects.toMatchObject({ code: 'KAFKA_FENCED' });
      expect(await zombie.wasOnlyLate()).toBe(false);
    });

    it('is told by the broker that its timeout is too long', async () => {
      const attempt = TransactionalProducer.start(testClient(), {
        transactionalId: uniqueName('tx'),
        transactionTimeoutMs: 2_000_000_000,
      });
      await expect(attempt).rejects.toMatchObject({ code: 'KAFKA_DENIED' });
      await expect(attempt).rejects.toThrow(/transaction\.max\.timeout\.ms/);
    });

    it('is refused two batches for one partition, and an order of calls that makes no sense', async () => {
      const producer = await startProducer();
      expect(() => producer.send([])).toThrow(/READY/);
      await expect(producer.commit()).rejects.toThrow(/READY .* cannot become COMMITTING/);
      producer.begin();
      expect(() => producer.begin()).toThrow(/cannot become IN_TRANSACTION/);
      const twice = ['a', 'b'].map((value) => ({ topic: 't', partition: 0, batch: batchOf(value) }));
      expect(() => producer.send(twice)).toThrow(/two batches for one partition/);
      await producer.close();
      expect(() => producer.send([])).toThrow(/was closed/);
      await producer.close();
    });

    it('stops waiting for its start when the signal says so', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      const options = { transactionalId: 'x', transactionTimeoutMs: 1000, signal };
      await expect(TransactionalProducer.start(testClient(), options)).rejects.toThrow('enough');
    });
  },
);
