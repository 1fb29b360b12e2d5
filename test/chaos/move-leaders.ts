import { Kafka, logLevel } from 'kafkajs';
import type { Random } from '../../src/testing/seeded-random.ts';
import { Leaders } from './leaders.ts';
import type { PartitionState } from './metadata.ts';

const ELECT_LEADERS = 43;
const TIMEOUT_MS = 10_000;

/** Gives the partitions of a topic leaders by chance, out of their replicas. Gives how many have another one then. */
export async function moveLeaders(addresses: string, topic: string, random: Random): Promise<number> {
  const leaders = new Leaders(addresses.split(','), [topic]);
  const before = await leaders.states();
  await prefer(addresses, before, random);
  const address = before.find(({ leader }) => leader !== null)?.leader ?? '';
  await (await leaders.socket(address))?.request(ELECT_LEADERS, 0, electRequest(before));
  const after = await leaders.states();
  leaders.close();
  const leaderOf = new Map(before.map(({ partition, leaderId }) => [partition, leaderId]));
  return after.filter(({ partition, leaderId }) => leaderOf.get(partition) !== leaderId).length;
}

/** The first of its replicas is the leader that a partition is to have. */
async function prefer(addresses: string, states: readonly PartitionState[], random: Random): Promise<void> {
  const admin = new Kafka({ brokers: addresses.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = states.map(({ topic, partition, replicas }) => {
    const first = Math.floor(random() * replicas.length);
    const turned = [...replicas.slice(first), ...replicas.slice(0, first)];
    return { topic, partitionAssignment: [{ partition, replicas: turned }] };
  });
  const byTopic = Map.groupBy(topics, ({ topic }) => topic);
  await admin.alterPartitionReassignments({
    topics: [...byTopic].map(([topic, each]) => ({
      topic,
      partitionAssignment: each.flatMap(({ partitionAssignment }) => partitionAssignment),
    })),
  });
  await admin.disconnect();
}

/** https://kafka.apache.org/protocol#The_Messages_ElectLeaders, version 0: the preferred ones. */
function electRequest(states: readonly PartitionState[]): Buffer {
  const topic = states[0]?.topic ?? '';
  const body = Buffer.alloc(4 + 2 + Buffer.byteLength(topic) + 4 + 4 * states.length + 4);
  let at = body.writeInt32BE(1, 0);
  at = body.writeInt16BE(Buffer.byteLength(topic), at);
  at += body.write(topic, at);
  at = body.writeInt32BE(states.length, at);
  for (const { partition } of states) at = body.writeInt32BE(partition, at);
  body.writeInt32BE(TIMEOUT_MS, at);
  return body;
}
