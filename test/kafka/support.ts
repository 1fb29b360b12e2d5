import { execFileSync } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { createKafkaClient, type KafkaClient, type KafkaClientConfig } from '../../src/kafka/client.ts';
import { RecordBatchBuilder } from '../../src/kafka/record-batch.ts';
import { ensureTopics, type TopicSpec } from '../../src/kafka/topics.ts';
import {
  TransactionalProducer,
  type TransactionalProducerOptions,
} from '../../src/kafka/transactional-producer.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

export { uniqueName };

/** Where the tests' broker listens; HEADRACE_TEST_BOOTSTRAP names one that runs already. */
export const bootstrapServers: string =
  process.env.HEADRACE_TEST_BOOTSTRAP ?? (await sharedKafka()).bootstrapServers;

export function testClient(config: Partial<KafkaClientConfig> = {}): KafkaClient {
  return createKafkaClient(
    { bootstrapServers, clientId: 'test', connectionTimeoutMs: 3000, requestTimeoutMs: 10_000, ...config },
    () => {},
  );
}

/** Creates a topic of its own for one test and returns its name. */
export async function newTopic(spec: Partial<TopicSpec> = {}): Promise<string> {
  const topic = uniqueName('topic');
  await ensureTopics(testClient(), [{ topic, partitions: 1, replicationFactor: 1, ...spec }]);
  return topic;
}

/** Starts a producer that is closed with the test. */
export async function startProducer(
  options: Partial<TransactionalProducerOptions> = {},
): Promise<TransactionalProducer> {
  const producer = await TransactionalProducer.start(testClient(), {
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

/** What librdkafka's reader prints for a whole topic, one line a record. */
export function kcat(topic: string, format: string, isolation = 'read_committed'): string[] {
  const output = execFileSync(
    'kcat',
    [
      '-b',
      bootstrapServers,
      '-C',
      '-q',
      '-e',
      '-t',
      topic,
      '-X',
      `isolation.level=${isolation}`,
      '-f',
      `${format}\n`,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );
  return output.split('\n').filter((line) => line !== '');
}

/**
 * Waits until librdkafka's reader prints the lines, in their order for a topic of one partition. A commit is answered
 * before its markers are in all partitions, so readers see it a few milliseconds later.
 */
export async function expectKcat(topic: string, format: string, lines: readonly string[]): Promise<void> {
  await expect.poll(() => kcat(topic, format), { timeout: 5000, interval: 20 }).toEqual(lines);
}

/** The same for a topic whose partitions may come in any order. */
export async function expectKcatUnordered(
  topic: string,
  format: string,
  lines: readonly string[],
): Promise<void> {
  const sorted = lines.toSorted();
  await expect.poll(() => kcat(topic, format).sort(), { timeout: 5000, interval: 20 }).toEqual(sorted);
}
