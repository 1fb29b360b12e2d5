import { HeadraceError } from '../../errors.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, partitionName } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import type { TopicPartition } from '../protocol/api.ts';
import { LIST_OFFSETS, type LogPlace } from '../protocol/list-offsets.ts';

/** Behind all offsets: who reads so far breaks off. */
export const NO_END: bigint = 2n ** 63n - 1n;

/** What is to be read of a partition: from `offset` to before `end`. */
export interface Span extends TopicPartition {
  readonly offset: bigint;
  readonly end: bigint;
}

/** All that is kept of a topic, up to such an end. */
export async function spansOf(connection: KafkaConnection, topic: string, end: LogPlace): Promise<Span[]> {
  const partitions = [...(await connection.leaders(topic)).keys()].map((partition) => ({ topic, partition }));
  const [ends, starts] = await Promise.all([
    offsetsAt(connection, partitions, end),
    offsetsAt(connection, partitions, 'start'),
  ]);
  return partitions.map((place) => ({
    ...place,
    offset: starts.get(place.partition) as bigint,
    end: ends.get(place.partition) as bigint,
  }));
}

/**
 * Offsets by partition, asked of the leaders.
 * Throws when one of the partitions has no answer or an error.
 */
export async function offsetsAt(
  connection: KafkaConnection,
  partitions: readonly TopicPartition[],
  place: LogPlace,
): Promise<Map<number, bigint>> {
  const offsets = new Map<number, bigint>();
  const groups = await byLeader(connection, partitions);
  await Promise.all(
    [...groups].map(async ([leader, group]) => {
      const request = { partitions: group, place };
      const answers = await connection.call(leader, LIST_OFFSETS, request, 'Looking up offsets');
      for (const { topic, partition, errorCode, offset } of answers) {
        failOn(errorCode, `Looking up the offsets of ${partitionName(topic, partition)}`);
        offsets.set(partition, offset);
      }
    }),
  );
  const missing = partitions.find(({ partition }) => !offsets.has(partition));
  if (missing !== undefined) {
    const name = partitionName(missing.topic, missing.partition);
    throw new HeadraceError(
      'KAFKA_UNAVAILABLE',
      `Looking up the offsets of ${name} failed: the broker gave none.`,
    );
  }
  return offsets;
}

/** Groups partitions by the ready connection to their leader. */
export async function byLeader<T extends TopicPartition>(
  connection: KafkaConnection,
  items: readonly T[],
): Promise<Map<BrokerLink, T[]>> {
  const groups = new Map<BrokerLink, T[]>();
  for (const item of items) {
    const leader = await connection.leaderOf(item);
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [item]);
    else group.push(item);
  }
  return groups;
}
