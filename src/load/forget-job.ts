import type { KafkaClient } from '../kafka/connection/client.ts';
import { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { readToEnd } from '../kafka/reader/topic-reader.ts';
import { RecordBatchBuilder } from '../kafka/records/record-batch.ts';
import { type OffsetPlace, OffsetTable } from '../offsets/offset-table.ts';
import { versionHeaders } from '../offsets/offset-version.ts';
import { offsetsTopic } from '../runtime/worker/kafka-access.ts';
import { requireClaim, takeOver, taskId } from '../runtime/worker/take-over.ts';
import type { TopicInfo } from '../sink/topic-directory.ts';
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
    const paths = new Set(files.map(({ path }) => path));
    await writeTombstones(producer, topic, await tombstonesOf(client, topic, job, paths, signal));
  } finally {
    await producer.close();
  }
}

/** Where the offsets of the job's files are, and those of its dead-letter files. */
async function tombstonesOf(
  client: KafkaClient,
  topic: TopicInfo,
  job: string,
  paths: ReadonlySet<unknown>,
  signal: AbortSignal,
): Promise<{ readonly places: readonly OffsetPlace[]; readonly version: number }> {
  const table = new OffsetTable(job);
  await readToEnd(client, topic.name, (record) => table.apply(record), { signal });
  const own = table.of(job).filter(({ partition: { file } }) => file === undefined || paths.has(file));
  return { places: own.flatMap(({ places }) => places), version: table.nextVersion() };
}

async function writeTombstones(
  producer: TransactionalProducer,
  topic: TopicInfo,
  { places, version }: Awaited<ReturnType<typeof tombstonesOf>>,
): Promise<void> {
  const batches = new Map<number, RecordBatchBuilder>();
  for (const { key, topicPartition } of places) {
    const batch = batches.get(topicPartition) ?? new RecordBatchBuilder();
    batches.set(topicPartition, batch);
    batch.append({ key, value: null, timestamp: Date.now(), headers: versionHeaders(version) });
  }
  producer.begin();
  await producer.send([...batches].map(([partition, batch]) => ({ topic: topic.name, partition, batch })));
  await producer.commit();
}
