import { type KafkaClient, withConnection } from '../kafka/client.ts';
import { failOn } from '../kafka/errors.ts';
import { defineApi } from '../kafka/protocol/api.ts';
import type { CreateTopicsRequest } from '../kafka/protocol/topics.ts';
import type { TopicSpec } from '../kafka/topics.ts';

const TOPIC_ALREADY_EXISTS = 36;

/** CreateTopics v3 that only checks: rights, replicas, configuration, policy. */
const VALIDATE_TOPICS = defineApi<
  CreateTopicsRequest,
  readonly { readonly topic: string; readonly errorCode: number; readonly message: string | null }[]
>({
  name: 'CreateTopics',
  key: 19,
  version: 3,
  write: (writer, { topics, timeoutMs }) => {
    writer.array(topics, (w, topic) => {
      w.string(topic.topic).int32(topic.partitions).int16(topic.replicationFactor);
      w.int32(0); // replica assignments: the broker's choice
      w.array(Object.entries(topic.config), (c, [name, value]) => c.string(name).string(value));
    });
    writer.int32(timeoutMs).boolean(true);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader.array((r) => ({ topic: r.string(), errorCode: r.int16(), message: r.nullableString() }));
  },
});

/** Throws what creating the topic would throw: TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE. Creates nothing. */
export function tryCreation(client: KafkaClient, spec: TopicSpec): Promise<void> {
  return withConnection(client, async (connection) => {
    const request = { topics: [{ config: {}, ...spec }], timeoutMs: connection.requestTimeoutMs };
    const doing = `Creating topic "${spec.topic}"`;
    const answers = await connection.call(await connection.controller(), VALIDATE_TOPICS, request, doing);
    for (const { errorCode, message } of answers) {
      if (errorCode !== TOPIC_ALREADY_EXISTS) failOn(errorCode, doing, message);
    }
  });
}
