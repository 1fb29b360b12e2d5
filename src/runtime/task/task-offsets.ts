import type { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { writeRecord } from '../../kafka/producer/write-record.ts';
import { readToEnd, type TopicRecord } from '../../kafka/reader/topic-reader.ts';
import { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import { decodeOffsetKey, versionHeaders } from '../../offsets/offset-codec.ts';
import type { TopicInfo } from '../../sink/topic-directory.ts';
import type { MarkRecord } from '../dead-letter-file/dead-letter-mark.ts';
import { fileCountOf } from '../plugins/source-answers.ts';
import { findOffsetsTopicPatiently, type OffsetsTopic, offsetsTopic } from '../worker/internal-topics.ts';
import { requireSameOffsets } from '../worker/lost-offsets.ts';
import type { TaskEnvironment } from './task-environment.ts';

/**
 * The very topic that was there when the connector was started: in another one everything would count as not delivered.
 *
 * @throws HeadraceError OFFSETS_LOST when it is not there any more
 */
export async function requireOffsetsTopic(environment: TaskEnvironment): Promise<OffsetsTopic> {
  const { client, config, plan, signal } = environment;
  const { worker, hold } = plan;
  if (hold === null) return offsetsTopic(client, worker);
  const found = await findOffsetsTopicPatiently(client, worker, signal);
  const { offsetsTopicId } = hold;
  const former = { offsetsTopic: worker.offsetStorageTopic, offsetsTopicId };
  const counted = { name: config.name, filesThere: () => fileCountOf(config) };
  await requireSameOffsets(worker, counted, former, found);
  return found as OffsetsTopic;
}

/** What is committed of the connector in the topic, as of now. */
export async function readOffsets(
  { client, plan, signal }: TaskEnvironment,
  topic: string,
): Promise<CommittedOffsets> {
  const offsets = new CommittedOffsets(plan.connector);
  const take = (record: TopicRecord) =>
    record.key !== null && offsets.apply(record.key, record.value, record);
  await readToEnd(client, topic, take, { signal });
  return offsets;
}

/** A mark that is taken away must go wherever one is kept: the topic may have got partitions. */
export function storeMark(
  producer: TransactionalProducer,
  topic: TopicInfo,
  { key, value }: MarkRecord,
  offsets: CommittedOffsets,
): Promise<void> {
  const record = { key, value, headers: versionHeaders(offsets.nextVersion()) };
  if (value !== null) return writeRecord(producer, topic, record);
  const partitions = offsets.partitionsOf(decodeOffsetKey(key)?.partition ?? {});
  return writeRecord(producer, topic, record, partitions.length > 0 ? partitions : undefined);
}
