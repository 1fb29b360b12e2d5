import { createKafkaClient } from '../../../src/kafka/connection/client.ts';
import { readToEnd, type TopicRecord } from '../../../src/kafka/reader/topic-reader.ts';

export function clientOf(bootstrapServers: string) {
  return createKafkaClient(
    { bootstrapServers, clientId: 'test', connectionTimeoutMs: 3000, requestTimeoutMs: 10_000 },
    () => {},
  );
}

/** The committed records of a topic, by partition in their order. */
export async function recordsIn(bootstrapServers: string, topic: string): Promise<TopicRecord[]> {
  const records: TopicRecord[] = [];
  await readToEnd(clientOf(bootstrapServers), topic, (record) => records.push(record));
  return records;
}

/** The committed values of a topic, or nothing while there is no such topic. */
export async function valuesIn(bootstrapServers: string, topic: string): Promise<string[]> {
  const values: string[] = [];
  try {
    await readToEnd(clientOf(bootstrapServers), topic, ({ value }) => values.push(String(value)));
  } catch (error) {
    if ((error as { code?: string }).code !== 'TOPIC_INVALID') throw error;
  }
  return values.sort();
}
