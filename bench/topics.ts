import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs';
import { codecAttribute, decompress } from '../src/kafka/records/compression.ts';
import type { BrokerWatch } from './measure/broker-watch.ts';

export const PARTITIONS = 6;

// kafkajs brings gzip alone.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
  compress: () => Promise.reject(new Error('nothing is written here')),
  decompress: async (bytes: Buffer) => decompress(codecAttribute('lz4'), bytes),
});

/** How long nothing must come before a topic counts as read to its end. */
const QUIET_MS = { complete: 300, incomplete: 10_000 };
const POLL_MS = 50;

export interface Cluster {
  readonly bootstrapServers: string;
  /** null where nobody sees what the brokers do. */
  readonly watch: BrokerWatch | null;
  /** Of the schema registry; only feeds with `needsRegistry` ask for it. */
  readonly registryUrl?: string;
}

function kafkaOf({ bootstrapServers }: Cluster): Kafka {
  return new Kafka({
    clientId: 'headrace-bench',
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  });
}

async function withAdmin<T>(cluster: Cluster, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(cluster).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** A new topic; `settings` are Kafka's topic settings. */
export async function createTopic(
  cluster: Cluster,
  purpose: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = `bench-${purpose}-${randomUUID().slice(0, 8)}`;
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const wanted = { topic, numPartitions: PARTITIONS, replicationFactor: 1, configEntries };
  await withAdmin(cluster, async (admin) => {
    await admin.createTopics({ topics: [wanted], waitForLeaders: false });
    while (!(await hasLeaders(admin, topic))) await sleep(POLL_MS);
  });
  return topic;
}

/** kafkajs's own waiting gives up on a broker that has not heard of the topic yet. */
async function hasLeaders(admin: Admin, topic: string): Promise<boolean> {
  const offsets = await admin.fetchTopicOffsets(topic).catch((error: { retriable?: boolean }) => {
    if (error.retriable === true) return [];
    throw error;
  });
  return offsets.length === PARTITIONS;
}

/** Frees the disk; topics that are not there are passed over. */
export async function deleteTopics(cluster: Cluster, topics: readonly string[]): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    const existing = new Set(await admin.listTopics());
    await admin.deleteTopics({ topics: topics.filter((topic) => existing.has(topic)) });
  });
}

/** Offsets used: records, and where there are transactions a marker for each of them in each partition as well. */
export function countOffsets(cluster: Cluster, topic: string): Promise<number> {
  return withAdmin(cluster, async (admin) => {
    const partitions = await admin.fetchTopicOffsets(topic);
    return partitions.reduce((sum, { offset }) => sum + Number(offset), 0);
  });
}

/** Records that a consumer with read_committed is given when it reads the topic until nothing more comes. */
export async function countCommitted(cluster: Cluster, topic: string, expected: number): Promise<number> {
  const consumer = kafkaOf(cluster).consumer({ groupId: `count-${topic}`, readUncommitted: false });
  let records = 0;
  let lastAt = performance.now();
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch }) => {
        records += batch.messages.length;
        lastAt = performance.now();
      },
    });
    // The last offset may be a marker's, which no consumer is given, so the end cannot be told by offsets.
    const quietMs = () => (records < expected ? QUIET_MS.incomplete : QUIET_MS.complete);
    while (performance.now() - lastAt < quietMs()) await sleep(POLL_MS);
  } finally {
    await consumer.disconnect();
  }
  return records;
}
