import { decodeAssignment, decodeMetadata, PROTOCOL } from '../../cluster/encoding.ts';
import type { Assignment, MemberMetadata } from '../../cluster/messages.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { isNotYet } from '../connection/not-yet.ts';
import { retryWhile } from '../connection/retry.ts';
import { isError } from '../protocol/error-codes.ts';
import { DESCRIBE_GROUPS, type DescribedGroup, HEARTBEAT, LEAVE_GROUP } from '../protocol/groups.ts';
import { coordinatorOf } from './coordinator-link.ts';

/** A group of workers, as its coordinator knows it. */
export interface GroupDescription {
  /** Kafka's name of it: `Stable`; `PreparingRebalance` and `CompletingRebalance` while the work is shared out; `Empty`. */
  readonly state: string;
  readonly members: readonly MemberDescription[];
}

export interface MemberDescription {
  readonly memberId: string;
  /** `group.instance.id`; null of one that is new each time it starts. */
  readonly instanceId: string | null;
  readonly clientId: string;
  /** The address that it comes from. */
  readonly host: string;
  /** False of all while the work is shared out. */
  readonly isLeader: boolean;
  /** What it told as it joined; null while the work is shared out. */
  readonly metadata: MemberMetadata | null;
  /** What it was told last; null of one that was told nothing yet. */
  readonly assignment: Assignment | null;
}

/** What calls a member: what it is named, or the id that the coordinator has given it. */
export function nameOf({ instanceId, memberId }: MemberDescription): string {
  return instanceId ?? memberId;
}

/** The tasks that a member has been given, as names, sorted. */
export function tasksOf({ assignment }: MemberDescription): string[] {
  return [...(assignment?.tasks ?? [])].sort();
}

/** States of a group that has no members. */
const EMPTY_STATES: readonly string[] = ['Empty', 'Dead'];

/**
 * @returns null where there is no such group
 * @throws HeadraceError KAFKA_UNAVAILABLE, KAFKA_DENIED, or CONFIG_INVALID where the group is not one of Headrace's workers
 */
export function describeGroup(client: KafkaClient, groupId: string): Promise<GroupDescription | null> {
  const doing = `Asking for group "${groupId}"`;
  return askCoordinator(client, groupId, async (connection, coordinator) => {
    const [group] = await connection.call(coordinator, DESCRIBE_GROUPS, { groupId }, doing);
    failOn(group?.errorCode ?? 0, doing);
    if (group === undefined || group.state === 'Dead') return null;
    if (isOfOthers(group)) throw ofOthers(groupId, group);
    return { state: group.state, members: group.members.map(described) };
  });
}

/**
 * Puts a member out of a group at once: others get its tasks. One that lives is told with its next heartbeat: it ends them
 * and joins again.
 *
 * @param who one of its two names
 * @returns false where the group has no such member
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export function removeMember(
  client: KafkaClient,
  groupId: string,
  who: { readonly instanceId: string } | { readonly memberId: string },
): Promise<boolean> {
  const doing = `Putting a member out of group "${groupId}"`;
  const request = { groupId, memberId: '', instanceId: null, ...who };
  return askCoordinator(client, groupId, async (connection, coordinator) => {
    const { errorCode } = await connection.call(coordinator, LEAVE_GROUP, request, doing);
    if (isError(errorCode, 'UNKNOWN_MEMBER_ID')) return false;
    failOn(errorCode, doing);
    return true;
  });
}

/**
 * Throws unless this principal may join the group. Nothing changes: a member that nobody knows says that it lives.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED, also where the brokers are too old
 */
export async function requireMayJoin(client: KafkaClient, groupId: string): Promise<void> {
  const doing = `Trying group "${groupId}"`;
  const nobody = { groupId, memberId: 'nobody', instanceId: null, generation: 0 };
  await askCoordinator(client, groupId, async (connection, coordinator) => {
    const { errorCode } = await connection.call(coordinator, HEARTBEAT, nobody, doing);
    if (!isError(errorCode, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION')) failOn(errorCode, doing);
  });
}

function askCoordinator<T>(
  client: KafkaClient,
  groupId: string,
  ask: (connection: KafkaConnection, coordinator: BrokerLink) => Promise<T>,
): Promise<T> {
  const { requestTimeoutMs: timeoutMs } = client.config;
  return client.withConnection((connection) =>
    retryWhile(isNotYet, { timeoutMs }, async () =>
      ask(connection, await coordinatorOf(connection, groupId)),
    ),
  );
}

function described({
  metadata,
  assignment,
  clientHost,
  ...names
}: DescribedGroup['members'][number]): MemberDescription {
  const told = metadata.length === 0 ? null : decodeMetadata(metadata);
  const given = assignment.length === 0 ? null : decodeAssignment(assignment);
  return {
    ...names,
    // Java's way to write an address.
    host: clientHost.replace(/^\//, ''),
    isLeader: told !== null && told.url === given?.leaderUrl,
    metadata: told,
    assignment: given,
  };
}

function isOfOthers({ state, protocolType, protocol }: DescribedGroup): boolean {
  if (EMPTY_STATES.includes(state)) return false;
  return protocolType !== PROTOCOL.type || (protocol !== '' && protocol !== PROTOCOL.name);
}

function ofOthers(groupId: string, { protocolType, protocol }: DescribedGroup): HeadraceError {
  const spoken = protocol === '' ? '' : `, and speak "${protocol}"`;
  return new HeadraceError(
    'CONFIG_INVALID',
    `Group "${groupId}" is not one of Headrace's workers: its members are of the type "${protocolType}"${spoken}. Give group.id a name that no other group has.`,
  );
}
