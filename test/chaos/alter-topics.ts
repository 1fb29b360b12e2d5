import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { createTopics } from './create-topics.ts';

const RETRY_MS = 50;
/** Of a broker that has not yet heard of the end of the topic before. */
const STILL_THERE = /already exists/;
const TOPIC = 2;

async function withAdmin<T>(addresses: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({
    brokers: addresses.split(','),
    clientId: 'chaos',
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

export function deleteTopic(addresses: string, topic: string): Promise<void> {
  return withAdmin(addresses, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** Deletes a topic and makes it anew, with as many partitions. */
export async function remakeTopic(addresses: string, topic: string, partitions: number): Promise<void> {
  await deleteTopic(addresses, topic);
  for (;;) {
    try {
      return await createTopics(addresses, { [topic]: partitions });
    } catch (error) {
      if (!STILL_THERE.test(String(error))) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Gives a topic more partitions: so many in all. */
export async function growTopic(addresses: string, topic: string, partitions: number): Promise<void> {
  await withAdmin(addresses, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] }),
  );
}

export async function setMaxMessageBytes(addresses: string, topic: string, bytes: number): Promise<void> {
  await withAdmin(addresses, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type: TOPIC, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(bytes) }] },
      ],
    }),
  );
}
