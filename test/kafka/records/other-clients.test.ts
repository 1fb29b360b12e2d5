import { execFileSync, spawnSync } from 'node:child_process';
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TransactionalProducerOptions } from '../../../src/kafka/producer/transactional-producer.ts';
import { partitionForKey } from '../../../src/kafka/records/partitioner.ts';
import type { RecordBatchBuilder } from '../../../src/kafka/records/record-batch.ts';
import {
  batchOf,
  batchOfEveryShape,
  bootstrapServers,
  newTopic,
  SOON,
  startProducer,
  uniqueName,
} from '../support.ts';

/** kcat is librdkafka at the command line; few machines have it, and `npm test` must not need it. */
const isKcatInstalled = spawnSync('kcat', ['-V']).status === 0;

const LONG_VALUE = 'x'.repeat(5000);

async function commit(
  batch: RecordBatchBuilder,
  options: Partial<TransactionalProducerOptions> = {},
): Promise<string> {
  const topic = await newTopic();
  const producer = await startProducer(options);
  producer.begin();
  await producer.send([{ topic, partition: 0, batch }]);
  await producer.commit();
  return topic;
}

/** What kafkajs's consumer is given of a topic; it grows while the test goes on. */
async function consume(topic: string): Promise<readonly KafkaMessage[]> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: uniqueName('group'), maxWaitTimeInMs: 100 });
  onTestFinished(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: KafkaMessage[] = [];
  await consumer.run({
    eachMessage: async ({ message }) => {
      messages.push(message);
    },
  });
  return messages;
}

/** What kcat prints of the committed records of a whole topic, one line a record. */
function kcat(topic: string, format: string): string[] {
  const options = ['-b', bootstrapServers, '-t', topic, '-X', 'isolation.level=read_committed'];
  const output = execFileSync('kcat', ['-C', '-q', '-e', ...options, '-f', `${format}\n`], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return output.split('\n').slice(0, -1);
}

describe("kafkajs's consumer", () => {
  it('reads committed rows in order, with headers and timestamps', async () => {
    const messages = await consume(await commit(batchOfEveryShape()));
    const rows = () =>
      messages.map(({ offset, timestamp, key, value, headers }) => [offset, timestamp, key, value, headers]);
    const headers = { 'file.name': Buffer.from('a.csv'), empty: Buffer.alloc(0), none: null };
    await expect.poll(rows, SOON).toEqual([
      ['0', '1700000000000', Buffer.from('BHP'), Buffer.from('first'), headers],
      ['1', '1699999999999', null, Buffer.from('second'), {}],
      ['2', '1700000000007', Buffer.from('gone'), null, {}],
    ]);
  });

  it('reads gzip', async () => {
    const messages = await consume(await commit(batchOf(LONG_VALUE, 'y'), { compression: 'gzip' }));
    const rows = () => messages.map(({ key, value }) => `${key} ${value}`);
    await expect.poll(rows, SOON).toEqual([`k0 ${LONG_VALUE}`, 'k1 y']);
  });
});

describe.skipIf(!isKcatInstalled)('librdkafka, where kcat is installed', () => {
  it('reads rows once they are committed, in order, with headers and timestamps', async () => {
    const topic = await newTopic();
    const producer = await startProducer();
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOfEveryShape() }]);
    expect(kcat(topic, '%s')).toEqual([]);
    await producer.commit();
    await expect
      .poll(() => kcat(topic, '%p|%o|%T|%K|%k|%S|%s|%h'), SOON)
      .toEqual([
        '0|0|1700000000000|3|BHP|5|first|file.name=a.csv,empty=,none=NULL',
        '0|1|1699999999999|-1||6|second|',
        '0|2|1700000000007|4|gone|-1||',
      ]);
  });

  it('reads gzip', async () => {
    const topic = await commit(batchOf(LONG_VALUE, 'y'), { compression: 'gzip' });
    await expect.poll(() => kcat(topic, '%k %s'), SOON).toEqual([`k0 ${LONG_VALUE}`, 'k1 y']);
  });

  it('puts keys where we put them, with its murmur2 partitioner', async () => {
    const topic = await newTopic({ partitions: 7 });
    const keys = Array.from({ length: 200 }, (_, i) => `${'x'.repeat(i % 9)}-é-${i}`);
    const options = ['-b', bootstrapServers, '-t', topic, '-X', 'topic.partitioner=murmur2'];
    execFileSync('kcat', ['-P', '-K', '\t', ...options], {
      input: keys.map((key) => `${key}\tv\n`).join(''),
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: 20_000,
    });
    const ours = keys.map((key) => `${partitionForKey(Buffer.from(key), 7)} ${key}`);
    expect(kcat(topic, '%p %k').sort()).toEqual(ours.sort());
  });
});
