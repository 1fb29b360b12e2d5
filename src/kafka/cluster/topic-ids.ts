import type { KafkaClient } from '../connection/client.ts';

/** The id of a topic, by which it differs from one of its name that was there before; null where brokers have none. */
export function topicId(client: KafkaClient, topic: string): Promise<string | null> {
  return client.withConnection((connection) => connection.topicId(topic));
}
