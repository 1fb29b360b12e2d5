import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { METADATA_WITH_ID } from '../protocol/metadata.ts';

/** The id of a topic, by which it differs from one of its name that was there before; null where brokers have none. */
export function topicId(client: KafkaClient, topic: string): Promise<string | null> {
  return client.withConnection(async (connection) => {
    const link = await connection.any();
    if (!link.serves(METADATA_WITH_ID)) return null;
    const doing = `Asking for the id of topic "${topic}"`;
    const { errorCode, id } = await connection.call(link, METADATA_WITH_ID, { topic }, doing);
    failOn(errorCode, doing);
    return id;
  });
}
