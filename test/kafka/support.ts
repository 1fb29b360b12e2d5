import { expect, onTestFinished } from 'vitest';
import { ensureTopics, type TopicSpec } from '../../src/kafka/cluster/topic-creation.ts';
import {
  createKafkaClient,
  type KafkaClient,
  type KafkaClientConfig,
} from '../../src/kafka/connection/client.ts';
import {
  TransactionalProducer,
  type TransactionalProducerOptions,
} from '../../src/kafka/producer/transactional-producer.ts';
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch.ts';
import { LogReader, type ReadRecord } from '../chaos/log-reader.ts';
import { sharedKafka, uniqueName, unraisedKafka } from '../support/stack.ts';

export { uniqueName };

/** Where the tests' broker listens. */
export let { bootstrapServers } = await sharedKafka();

/** From now on it is that of a cluster which speaks of transactions so. */
export async function useKafka(protocol: 'TV2' | 'old'): Promise<void> {
  ({ bootstrapServers } = await (protocol === 'TV2' ? sharedKafka() : unraisedKafka()));
}

export function testClient(config: Partial<KafkaClientConfig> = {}): KafkaClient {
  return createKafkaClient(
    { bootstrapServers, clientId: 'test', connectionTimeoutMs: 3000, requestTimeoutMs: 10_000, ...config },
    () => {},
  );
}

/** Creates a topic of its own for one test and returns its name. It keeps records of any time, as tests write old ones. */
export async function newTopic({ config, ...spec }: Partial<TopicSpec> = {}): Promise<string> {
  const topic = uniqueName('topic');
  const kept = { 'retention.ms': '-1', ...config };
  await ensureTopics(testClient(), [{ topic, partitions: 1, replicationFactor: 1, ...spec, config: kept }]);
  return topic;
}

/** Starts a producer that is closed with the test. */
export async function startProducer(
  options: Partial<TransactionalProducerOptions> = {},
  client = testClient(),
): Promise<TransactionalProducer> {
  const producer = await TransactionalProducer.start(client, {
    transactionalId: uniqueName('tx'),
    transactionTimeoutMs: 60_000,
    ...options,
  });
  onTestFinished(() => producer.close());
  return producer;
}

export function batchOf(...values: readonly string[]): RecordBatchBuilder {
  const batch = new RecordBatchBuilder();
  values.forEach((value, index) => {
    batch.append({
      key: Buffer.from(`k${index}`),
      value: Buffer.from(value),
      timestamp: 1_700_000_000_000 + index,
    });
  });
  return batch;
}

/** A row as it usually is, one without a key, one without a value; timestamps that go back, headers of all kinds. */
export function batchOfEveryShape(): RecordBatchBuilder {
  const batch = new RecordBatchBuilder();
  batch.append({
    key: Buffer.from('BHP'),
    value: Buffer.from('first'),
    headers: [
      ['file.name', Buffer.from('a.csv')],
      ['empty', Buffer.alloc(0)],
      ['none', null],
    ],
    timestamp: 1_700_000_000_000,
  });
  batch.append({ key: null, value: Buffer.from('second'), timestamp: 1_699_999_999_999 });
  batch.append({ key: Buffer.from('gone'), value: null, timestamp: 1_700_000_000_007 });
  return batch;
}

export type RenderRecord = (record: ReadRecord) => string;

export const renderValue: RenderRecord = ({ value }) => String(value);

/** A line for each record that a topic shows now, each partition in its order; read by a reader that is not ours. */
export async function linesOf(
  topic: string,
  render: RenderRecord = renderValue,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_committed',
): Promise<string[]> {
  const partitions = await partitionCount(topic);
  const reader = await LogReader.open(bootstrapServers, { [topic]: partitions }, isolation);
  const lines: string[] = [];
  try {
    await reader.readAll((record) => lines.push(render(record)));
  } finally {
    reader.close();
  }
  return lines;
}

async function partitionCount(topic: string): Promise<number> {
  const [found] = await testClient().withConnection((connection) => connection.metadata([topic]));
  // Read as no partitions, a missing topic would pass for an empty one.
  if (found === undefined || found.errorCode !== 0) throw new Error(`there is no topic "${topic}" to read`);
  return found.partitions.length;
}

/** A commit is answered before its markers are in all partitions, so readers see it a few milliseconds later. */
export const SOON = { timeout: 5000, interval: 20 };

/** Waits until a topic of one partition shows the lines, in their order and no others. */
export async function expectLines(
  topic: string,
  render: RenderRecord,
  lines: readonly string[],
): Promise<void> {
  await expect.poll(() => linesOf(topic, render), SOON).toEqual(lines);
}

/** The same for a topic whose partitions may come in any order. */
export async function expectLinesInAnyOrder(
  topic: string,
  render: RenderRecord,
  lines: readonly string[],
): Promise<void> {
  const sorted = lines.toSorted();
  await expect.poll(async () => (await linesOf(topic, render)).sort(), SOON).toEqual(sorted);
}
