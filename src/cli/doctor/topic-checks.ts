import type { ConnectorConfig } from '../../config/connector-config.ts';
import { settingsFor, type TopicSettings } from '../../config/define/topic-creation.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { checkCompacted } from '../../kafka/cluster/compacted-topic.ts';
import { tryCreation } from '../../kafka/cluster/topic-creation.ts';
import { missingRights, type Operation } from '../../kafka/cluster/topic-rights.ts';
import { describeTopics, type TopicDescription } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import {
  CONFIG_TOPIC_KEY,
  checkConfigsTopic,
  configsTopicSettings,
  FILE_STATUS_TOPIC_KEY,
  fileStatusTopicSettings,
  OFFSET_TOPIC_KEY,
  offsetsTopicSettings,
} from '../../runtime/worker/internal-topics.ts';
import { count, counted } from '../../terminal/figures.ts';
import { type About, attempt, type Check, failed, passed } from './check.ts';

interface TopicUse {
  readonly about: About;
  readonly topic: string;
  readonly rights: readonly Operation[];
  /** How it is made where it is missing; null when it may not be. */
  readonly settings: TopicSettings | null;
  /** What to say when it is missing and may not be made. */
  readonly missing?: string;
}

/** The offset topic: there and compacted, or one that can be made. */
export async function offsetTopicCheck(
  client: KafkaClient,
  worker: WorkerConfig,
  subject: string,
): Promise<{ readonly check: Check; readonly isThere: boolean }> {
  const topic = worker.offsetStorageTopic;
  const mayCreate = worker.offsetStorageTopicCreation === 'auto';
  const settings = mayCreate ? offsetsTopicSettings(worker) : null;
  const about = { subject, key: OFFSET_TOPIC_KEY };
  const missing = `${topic} does not exist, and offset.storage.topic.creation is never; create it with cleanup.policy=compact`;
  return internalTopicCheck(client, { about, topic, rights: ['READ', 'WRITE'], settings, missing }, (found) =>
    checkCompacted(found, about.key),
  );
}

/** The config topic: there, compacted and of one partition, or one that can be made. */
export async function configTopicCheck(
  client: KafkaClient,
  worker: WorkerConfig,
  subject: string,
): Promise<Check> {
  const about = { subject, key: CONFIG_TOPIC_KEY };
  const topic = worker.configStorageTopic;
  const settings = configsTopicSettings(worker);
  const use: TopicUse = { about, topic, rights: ['READ', 'WRITE'], settings };
  return (await internalTopicCheck(client, use, checkConfigsTopic)).check;
}

/** The topic of file states: there and compacted, or one that can be made. */
export async function fileStatusTopicCheck(
  client: KafkaClient,
  worker: WorkerConfig,
  subject: string,
): Promise<Check> {
  const about = { subject, key: FILE_STATUS_TOPIC_KEY };
  const topic = worker.fileStatusStorageTopic;
  const settings = fileStatusTopicSettings(worker);
  const use: TopicUse = { about, topic, rights: ['READ', 'WRITE'], settings };
  return (await internalTopicCheck(client, use, (found) => checkCompacted(found, about.key))).check;
}

async function internalTopicCheck(
  client: KafkaClient,
  use: TopicUse,
  judge: (found: TopicDescription) => void,
): Promise<{ readonly check: Check; readonly isThere: boolean }> {
  let isThere = false;
  const check = await attempt(use.about, async () => {
    const result = await topicCheck(client, use);
    const found = result.ok ? (await describeTopics(client, [use.topic])).get(use.topic) : undefined;
    isThere = found !== undefined;
    if (found !== undefined) judge(found);
    return result;
  });
  return { check, isThere: isThere && check.ok };
}

/** The topics of a feed that are known before a row comes. */
export async function* feedTopicChecks(
  client: KafkaClient,
  feed: ConnectorConfig,
  subject: string,
): AsyncGenerator<Check> {
  for (const use of topicsOf(feed, subject)) yield await topicCheck(client, use);
}

function topicsOf(feed: ConnectorConfig, subject: string): TopicUse[] {
  const { topicCreation, errors } = feed;
  const uses: TopicUse[] = [];
  const route = fixedRoute(feed);
  if (route !== null) {
    const settings = topicCreation.enabled ? settingsFor(route.topic, topicCreation) : null;
    uses.push({ about: { subject, key: route.key }, topic: route.topic, rights: ['WRITE'], settings });
  }
  const topic = errors.deadLetterTopic;
  if (topic !== null) {
    const replicationFactor = errors.deadLetterTopicReplicationFactor;
    const settings = topicCreation.enabled ? { partitions: 1, replicationFactor, config: {} } : null;
    const about = { subject, key: 'errors.deadletterqueue.topic.name' };
    uses.push({ about, topic, rights: ['WRITE'], settings });
  }
  const { endOfFileTopic: ends } = feed;
  if (ends !== null) {
    const settings = topicCreation.enabled ? settingsFor(ends, topicCreation) : null;
    uses.push({ about: { subject, key: 'end.of.file.topic' }, topic: ends, rights: ['WRITE'], settings });
  }
  return uses;
}

/** The topic that a `route` names without a value of the row in it, unless a stage behind it may change the topic. */
function fixedRoute({ transformations }: ConnectorConfig): { key: string; topic: string } | null {
  const last = transformations.findLast(({ plugin }) => /route/i.test(plugin.name));
  if (last === undefined || last.plugin.name !== 'route' || last.predicate !== null) return null;
  const { topic } = last.values as { readonly topic?: unknown };
  if (typeof topic !== 'string' || /[{}]/.test(topic)) return null;
  return { key: `transforms.${last.label}.topic`, topic };
}

function topicCheck(
  client: KafkaClient,
  { about, topic, rights, settings, missing }: TopicUse,
): Promise<Check> {
  return attempt(about, async () => {
    const found = (await describeTopics(client, [topic])).get(topic);
    if (found !== undefined) {
      const denied = await missingRights(client, topic, rights);
      if (denied.length > 0) {
        return failed(about, `${topic}: grant the principal ${denied.join(' and ')} on this topic`);
      }
      const limit =
        found.maxMessageBytes === null ? '' : `, max.message.bytes ${count(found.maxMessageBytes)}`;
      return passed(about, `${topic} has ${counted(found.partitions, 'partition')}${limit}`);
    }
    if (settings === null) {
      return failed(
        about,
        missing ??
          `${topic} does not exist; create it, or set topic.creation.enable: true in the worker config`,
      );
    }
    await tryCreation(client, { topic, ...settings });
    return passed(about, `${topic} does not exist and will be made`);
  });
}
