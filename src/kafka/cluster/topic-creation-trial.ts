import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';
import { CREATE_TOPICS } from '../protocol/topics.ts';
import type { TopicSpec } from './topics.ts';

/** Throws what creating the topic would throw: TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE. Creates nothing. */
export function tryCreation(client: KafkaClient, spec: TopicSpec): Promise<void> {
  return client.withConnection(async (connection) => {
    const { requestTimeoutMs: timeoutMs } = connection;
    const request = { topics: [{ config: {}, ...spec }], timeoutMs, validateOnly: true };
    const doing = `Creating topic "${spec.topic}"`;
    const answers = await connection.call(await connection.controller(), CREATE_TOPICS, request, doing);
    for (const { errorCode, message } of answers) {
      if (!isError(errorCode, 'TOPIC_ALREADY_EXISTS')) failOn(errorCode, doing, message);
    }
  });
}
