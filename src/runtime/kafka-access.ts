import type { TopicSettings } from '../config/topic-creation.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { TopicAccess, TopicInfo } from '../kafka/sink/topic-directory.ts';
import {
  checkCompacted,
  describeTopics,
  ensureTopics,
  requireCompacted,
  type TopicDescription,
} from '../kafka/topics.ts';

/** Kafka's default for `max.message.bytes`, for topics whose configuration may not be read. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

const OFFSET_TOPIC_KEY = 'offset.storage.topic';

async function describe(client: KafkaClient, topic: string): Promise<TopicInfo | null> {
  const found = (await describeTopics(client, [topic])).get(topic);
  return found === undefined ? null : infoOf(found);
}

function infoOf({ topic, partitions, maxMessageBytes, rules }: TopicDescription): TopicInfo {
  return { name: topic, partitions, maxMessageBytes: maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES, rules };
}

/** Topics as they are; one that is missing is created with the settings that `settingsOf` gives. */
export function topicAccess(client: KafkaClient, settingsOf: (topic: string) => TopicSettings): TopicAccess {
  return {
    describe: (topic) => describe(client, topic),
    create: async (topic) => {
      await ensureTopics(client, [{ topic, ...settingsOf(topic) }]);
    },
  };
}

/**
 * The internal topic of source offsets, created where it is missing.
 *
 * @throws HeadraceError TOPIC_INVALID when it exists and is not compacted.
 */
export async function offsetsTopic(client: KafkaClient, worker: WorkerConfig): Promise<TopicInfo> {
  const topic = worker.offsetStorageTopic;
  const found = (await describeTopics(client, [topic])).get(topic);
  // One that has just been made may have no partitions yet.
  if (found !== undefined && found.partitions > 0) {
    checkCompacted(found, OFFSET_TOPIC_KEY);
    return infoOf(found);
  }
  await ensureTopics(client, [
    {
      topic,
      partitions: worker.offsetStoragePartitions,
      replicationFactor: worker.offsetStorageReplicationFactor,
      config: { 'cleanup.policy': 'compact' },
    },
  ]);
  return infoOf(await requireCompacted(client, topic, OFFSET_TOPIC_KEY));
}
