import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { Leaders } from './leaders.ts';
import type { TopicPartitions } from './log-reader.ts';

const LOOK_MS = 20;

/** Makes topics and waits until each of their partitions has a leader. */
export async function createTopics(addresses: string, topics: TopicPartitions): Promise<void> {
  const brokers = addresses.split(',');
  const admin = new Kafka({ brokers, clientId: 'chaos', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({
    topics: Object.entries(topics).map(([topic, numPartitions]) => ({ topic, numPartitions })),
    waitForLeaders: false,
  });
  await admin.disconnect();
  const partitions = Object.values(topics).reduce((total, count) => total + count, 0);
  const leaders = new Leaders(brokers, Object.keys(topics));
  while ((await leaders.find()).size < partitions) {
    leaders.forget();
    await delay(LOOK_MS);
  }
  leaders.close();
}
