import type { KafkaClient } from '../kafka/client.ts';
import { type LogRecord, readToEnd } from '../kafka/log-reader.ts';
import { partitionForKey } from '../kafka/murmur2.ts';
import { RecordBatchBuilder } from '../kafka/record-batch.ts';
import type { TopicInfo } from '../kafka/sink/topic-directory.ts';
import { TransactionalProducer } from '../kafka/transactional-producer.ts';
import { offsetsTopic } from '../runtime/kafka-access.ts';
import { requireClaim, takeOver, taskId } from '../runtime/take-over.ts';
import { decodeOffsetKey } from '../storage/offset-codec.ts';
import type { JobPlan } from './load-plan.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Forgets how far the job's files are delivered, and what its dead-letter file holds. Whoever runs the job is fenced
 * first, so that no commit of theirs can come after the tombstones; these are one transaction.
 *
 * @throws HeadraceError of Kafka's, retriable where waiting may help; doing it again is safe.
 */
export async function forgetJob(
  client: KafkaClient,
  { job, feed, files, worker }: JobPlan,
  signal: AbortSignal,
): Promise<void> {
  const topic = await offsetsTopic(client, worker);
  const { claim } = await takeOver(client, {
    worker,
    connector: job,
    tasks: feed.config.tasksMax,
    offsets: topic,
    signal,
  });
  const producer = await TransactionalProducer.start(client, {
    transactionalId: taskId(worker, job, 0),
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    signal,
  });
  try {
    await requireClaim(client, worker, job, claim, signal);
    const keys = await keysOf(client, topic, job, new Set(files.map(({ path }) => path)), signal);
    await writeTombstones(producer, topic, keys);
  } finally {
    await producer.close();
  }
}

/** The keys of the job's files and of its dead-letter files. */
async function keysOf(
  client: KafkaClient,
  topic: TopicInfo,
  job: string,
  paths: ReadonlySet<unknown>,
  signal: AbortSignal,
): Promise<Buffer[]> {
  const keys = new Map<string, Buffer>();
  const onRecord = ({ key, value }: LogRecord) => {
    const decoded = key === null ? null : decodeOffsetKey(key);
    if (key === null || decoded?.connector !== job) return;
    const { file } = decoded.partition;
    if (file !== undefined && !paths.has(file)) return;
    const text = key.toString('latin1');
    if (value === null) keys.delete(text);
    else keys.set(text, key);
  };
  await readToEnd(client, topic.name, onRecord, { signal });
  return [...keys.values()];
}

async function writeTombstones(
  producer: TransactionalProducer,
  topic: TopicInfo,
  keys: readonly Buffer[],
): Promise<void> {
  const batches = new Map<number, RecordBatchBuilder>();
  for (const key of keys) {
    const partition = partitionForKey(key, topic.partitions);
    const batch = batches.get(partition) ?? new RecordBatchBuilder();
    batches.set(partition, batch);
    batch.append({ key, value: null, timestamp: Date.now() });
  }
  producer.begin();
  await producer.send([...batches].map(([partition, batch]) => ({ topic: topic.name, partition, batch })));
  await producer.commit();
}
