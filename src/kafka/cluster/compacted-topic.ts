import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import { describeTopics, type TopicDescription } from './topics.ts';

/**
 * Throws TOPIC_INVALID unless the topic exists and is compacted: see `checkCompacted`.
 *
 * @param key the configuration key that names the topic, such as `offset.storage.topic`
 */
export async function requireCompacted(
  client: KafkaClient,
  topic: string,
  key: string,
): Promise<TopicDescription> {
  const description = (await describeTopics(client, [topic])).get(topic);
  if (description === undefined) {
    throw new HeadraceError(
      'TOPIC_INVALID',
      `The topic "${topic}" of ${key} does not exist. Create it with cleanup.policy=compact.`,
    );
  }
  checkCompacted(description, key);
  return description;
}

/**
 * Throws TOPIC_INVALID unless the topic's cleanup.policy is exactly `compact`: with `delete` beside or instead, Kafka
 * forgets offsets or configurations by age (Connect's rule for its internal topics,
 * `TopicAdmin.verifyTopicCleanupPolicyOnlyCompact`). A policy that this principal may not read is passed, as there.
 *
 * @param key the configuration key that names the topic, such as `offset.storage.topic`
 */
export function checkCompacted({ topic, cleanupPolicy }: TopicDescription, key: string): void {
  if (cleanupPolicy === null || cleanupPolicy === 'compact') return;
  throw new HeadraceError(
    'TOPIC_INVALID',
    `The topic "${topic}" of ${key} has cleanup.policy=${cleanupPolicy}, and must have cleanup.policy=compact: anything else would in time lose what Headrace keeps there. Change it with kafka-configs --alter --topic ${topic} --add-config cleanup.policy=compact, or set ${key} to another topic.`,
  );
}
