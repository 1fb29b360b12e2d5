import type { TopicSettings } from '../../config/define/topic-creation.ts';
import { ensureTopics } from '../../kafka/cluster/topic-creation.ts';
import { describeTopics, type TopicDescription } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { TopicAccess, TopicInfo } from '../../sink/topic-directory.ts';

/** Kafka's default for `max.message.bytes`, for topics whose configuration may not be read. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

async function describe(
  client: KafkaClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicInfo>> {
  const found = await describeTopics(client, topics);
  // One that is being made or deleted may have no partitions yet, or any more.
  const whole = [...found.values()].filter(({ partitions }) => partitions > 0);
  return new Map(whole.map((description) => [description.topic, infoOf(description)]));
}

/** What the sink must know of a topic. */
export function infoOf({ topic, partitions, maxMessageBytes, rules }: TopicDescription): TopicInfo {
  return { name: topic, partitions, maxMessageBytes: maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES, rules };
}

/** Topics as they are; one that is missing is created with the settings that `settingsOf` gives. */
export function topicAccess(client: KafkaClient, settingsOf: (topic: string) => TopicSettings): TopicAccess {
  return {
    describe: (topics) => describe(client, topics),
    create: async (topic) => {
      await ensureTopics(client, [{ topic, ...settingsOf(topic) }]);
    },
  };
}
