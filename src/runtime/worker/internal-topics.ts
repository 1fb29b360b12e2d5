import type { TopicSettings } from '../../config/define/topic-creation.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { checkCompacted, requireCompacted } from '../../kafka/cluster/compacted-topic.ts';
import { ensureTopics } from '../../kafka/cluster/topic-creation.ts';
import { topicId } from '../../kafka/cluster/topic-ids.ts';
import { describeTopics, type TopicDescription } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { retryWhile } from '../../kafka/connection/retry.ts';
import type { TopicInfo } from '../../sink/topic-directory.ts';
import { infoOf } from './topic-access.ts';

export const OFFSET_TOPIC_KEY = 'offset.storage.topic';
export const STATUS_TOPIC_KEY = 'status.storage.topic';
export const FILE_STATUS_TOPIC_KEY = 'file.status.storage.topic';
export const CONFIG_TOPIC_KEY = 'config.storage.topic';
const COMPACT = { 'cleanup.policy': 'compact' };
/** Until all brokers of a cluster know of a topic. */
const MISSING_MS = 3_000;

/** The topic of source offsets, as it is now. */
export interface OffsetsTopic extends TopicInfo {
  /** Kafka's id of it: another one under its name has another. null where brokers have none, before Apache Kafka 2.8. */
  readonly id: string | null;
}

/** The settings with which an internal topic is made. */
export function offsetsTopicSettings(worker: WorkerConfig): TopicSettings {
  const { offsetStoragePartitions: partitions, offsetStorageReplicationFactor: replicationFactor } = worker;
  return { partitions, replicationFactor, config: COMPACT };
}

export function configsTopicSettings({ configStorageReplicationFactor }: WorkerConfig): TopicSettings {
  return { partitions: 1, replicationFactor: configStorageReplicationFactor, config: COMPACT };
}

export function fileStatusTopicSettings(worker: WorkerConfig): TopicSettings {
  const { fileStatusStoragePartitions: partitions } = worker;
  return { partitions, replicationFactor: worker.fileStatusStorageReplicationFactor, config: COMPACT };
}

/**
 * The internal topic of source offsets, created where it is missing.
 *
 * @throws HeadraceError TOPIC_INVALID when it exists and is not compacted, or must not be created.
 */
export async function offsetsTopic(client: KafkaClient, worker: WorkerConfig): Promise<OffsetsTopic> {
  const found = await findOffsetsTopic(client, worker);
  if (found !== null) return found;
  const topic = worker.offsetStorageTopic;
  if (worker.offsetStorageTopicCreation === 'never') throw mustNotCreate(worker);
  await ensureTopics(client, [{ topic, ...offsetsTopicSettings(worker) }]);
  const made = infoOf(await requireCompacted(client, topic, OFFSET_TOPIC_KEY));
  return { ...made, id: await topicId(client, topic) };
}

/**
 * The same where it is there; else null.
 *
 * @throws HeadraceError TOPIC_INVALID when it is not compacted.
 */
export async function findOffsetsTopic(
  client: KafkaClient,
  worker: WorkerConfig,
): Promise<OffsetsTopic | null> {
  const topic = worker.offsetStorageTopic;
  const found = (await describeTopics(client, [topic])).get(topic);
  // One that has just been made may have no partitions yet.
  if (found === undefined || found.partitions === 0) return null;
  checkCompacted(found, OFFSET_TOPIC_KEY);
  return { ...infoOf(found), id: await topicId(client, topic) };
}

/** Asks several times before a topic counts as missing: not every broker knows at once of one that was made. */
export function findOffsetsTopicPatiently(
  client: KafkaClient,
  worker: WorkerConfig,
  signal: AbortSignal,
): Promise<OffsetsTopic | null> {
  const missing = new Error('missing');
  return retryWhile(
    (error) => error === missing,
    { timeoutMs: MISSING_MS, signal },
    async () => {
      const found = await findOffsetsTopic(client, worker);
      if (found === null) throw missing;
      return found;
    },
  ).catch((error) => {
    if (error === missing) return null;
    throw error;
  });
}

/**
 * The internal topic of claims, created where it is missing.
 *
 * @throws HeadraceError TOPIC_INVALID when it exists and is not compacted, or has more than one partition: records of
 * a key would have no order then.
 */
export async function configsTopic(client: KafkaClient, worker: WorkerConfig): Promise<TopicInfo> {
  const topic = worker.configStorageTopic;
  let found = (await describeTopics(client, [topic])).get(topic);
  if (found === undefined || found.partitions === 0) {
    await ensureTopics(client, [{ topic, ...configsTopicSettings(worker) }]);
    found = await requireCompacted(client, topic, CONFIG_TOPIC_KEY);
  }
  checkConfigsTopic(found);
  return infoOf(found);
}

/**
 * The internal topic of states of connectors and tasks, created where it is missing.
 *
 * @throws HeadraceError TOPIC_INVALID when it exists and is not compacted
 */
export function statusTopic(client: KafkaClient, worker: WorkerConfig): Promise<TopicInfo> {
  const { statusStorageTopic: topic, statusStoragePartitions: partitions } = worker;
  const replicationFactor = worker.statusStorageReplicationFactor;
  return compactedTopic(client, topic, { partitions, replicationFactor, config: COMPACT }, STATUS_TOPIC_KEY);
}

/** The same of the topic of file states. */
export function fileStatusTopic(client: KafkaClient, worker: WorkerConfig): Promise<TopicInfo> {
  const { fileStatusStorageTopic: topic } = worker;
  return compactedTopic(client, topic, fileStatusTopicSettings(worker), FILE_STATUS_TOPIC_KEY);
}

async function compactedTopic(
  client: KafkaClient,
  topic: string,
  settings: TopicSettings,
  key: string,
): Promise<TopicInfo> {
  const found = (await describeTopics(client, [topic])).get(topic);
  if (found !== undefined && found.partitions > 0) {
    checkCompacted(found, key);
    return infoOf(found);
  }
  await ensureTopics(client, [{ topic, ...settings }]);
  return infoOf(await requireCompacted(client, topic, key));
}

/** Throws TOPIC_INVALID where it could not hold claims. */
export function checkConfigsTopic(found: TopicDescription): void {
  checkCompacted(found, CONFIG_TOPIC_KEY);
  if (found.partitions === 1) return;
  throw new HeadraceError(
    'TOPIC_INVALID',
    `The topic "${found.topic}" of ${CONFIG_TOPIC_KEY} has ${found.partitions} partitions, and must have 1. Set ` +
      `${CONFIG_TOPIC_KEY} to another name, which is made where it is missing.`,
  );
}

function mustNotCreate({ offsetStorageTopic, offsetStoragePartitions }: WorkerConfig): HeadraceError {
  return new HeadraceError(
    'TOPIC_INVALID',
    `The topic "${offsetStorageTopic}" of ${OFFSET_TOPIC_KEY} does not exist, and ${OFFSET_TOPIC_KEY}.creation is never. ` +
      `Create it: kafka-topics --create --topic ${offsetStorageTopic} --partitions ${offsetStoragePartitions} --config ` +
      'cleanup.policy=compact',
  );
}
