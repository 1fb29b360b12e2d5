import { onTestFinished } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/connection/connection.ts';
import { JOIN_GROUP, type JoinGroupResponse, SYNC_GROUP } from '../../../src/kafka/protocol/groups.ts';
import { testClient } from '../support.ts';

/**
 * Comes as Kafka Connect's worker does, and stays for its session. Gives what it is answered once it has an id, which all
 * are given first.
 */
export async function joinAsConnect(groupId: string): Promise<JoinGroupResponse> {
  const connection = await testClient().connect();
  onTestFinished(() => connection.close());
  const { memberId } = await join(connection, groupId, '');
  const joined = await join(connection, groupId, memberId);
  if (joined.errorCode !== 0) return joined;
  const assignments = [{ memberId, assignment: Buffer.from('its own') }];
  const request = { groupId, memberId, instanceId: null, generation: joined.generation, assignments };
  await connection.call(await connection.groupCoordinator(groupId), SYNC_GROUP, request, 'Syncing');
  return joined;
}

async function join(
  connection: KafkaConnection,
  groupId: string,
  memberId: string,
): Promise<JoinGroupResponse> {
  const timeouts = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 };
  const protocols = [{ name: 'sessioned', metadata: Buffer.from('its own') }];
  const request = { groupId, memberId, instanceId: null, ...timeouts, protocolType: 'connect', protocols };
  return connection.call(await connection.groupCoordinator(groupId), JOIN_GROUP, request, 'Joining');
}
