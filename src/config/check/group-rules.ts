import type { ConfigValues } from '../../plugin/index.ts';
import { isMember, NO_GROUP } from '../define/group.ts';
import { parseLabels } from '../define/labels.ts';
import type { WORKER_OPTIONS } from '../define/worker-definition.ts';

type Options = ConfigValues<typeof WORKER_OPTIONS>;

/** Of a heartbeat two may be lost, and the third still keeps the session. */
const HEARTBEATS_A_SESSION = 3;
const SHORTEST_SESSION_MS = 1000;
/** Kafka's protocol has 32 bits for them. */
const LONGEST_MS = 2 ** 31 - 1;

/** As Kafka's clients take them. */
const INSTANCE_ID = /^[a-zA-Z0-9._-]{1,249}$/;

export function sessionMistake({ sessionTimeoutMs: session }: Options): string | null {
  if (session >= SHORTEST_SESSION_MS && session <= LONGEST_MS) return null;
  return (
    `expected ${SHORTEST_SESSION_MS} to ${LONGEST_MS}, got ${session}; brokers take 6000 and more, unless their ` +
    'group.min.session.timeout.ms says otherwise'
  );
}

export function heartbeatMistake({
  heartbeatIntervalMs: heartbeat,
  sessionTimeoutMs: session,
}: Options): string | null {
  const most = Math.floor(session / HEARTBEATS_A_SESSION);
  if (heartbeat >= 1 && heartbeat <= most) return null;
  const wanted = heartbeat * HEARTBEATS_A_SESSION;
  const mend = heartbeat === 0 ? '' : `; or set session.timeout.ms to ${wanted} or more`;
  return `expected 1 to ${most}, a third of session.timeout.ms, got ${heartbeat}${mend}`;
}

export function rebalanceMistake({
  rebalanceTimeoutMs: rebalance,
  sessionTimeoutMs: session,
}: Options): string | null {
  if (rebalance >= session && rebalance <= LONGEST_MS) return null;
  return `expected session.timeout.ms, ${session}, to ${LONGEST_MS}, got ${rebalance}`;
}

export function instanceMistake(config: Options): string | null {
  const { groupInstanceId: id } = config;
  if (id === null) return null;
  if (!INSTANCE_ID.test(id) || id === '.' || id === '..') {
    return `expected 1 to 249 letters, digits, dots, _ and -, got ${JSON.stringify(id)}`;
  }
  return isMember(config) ? null : withoutGroup(config);
}

export function labelsMistake(config: Options): string | null {
  const { workerLabels: labels } = config;
  if (labels.length === 0) return null;
  const read = parseLabels(labels);
  if (typeof read === 'string') return read;
  return isMember(config) ? null : withoutGroup(config);
}

/** What a worker lacks to be a member of a group. */
function withoutGroup({ groupId }: Options): string {
  const missing = groupId === NO_GROUP ? 'group.id' : 'listeners';
  return `has no effect without ${missing}: workers share their work when they have both group.id and listeners; set it, or leave this out`;
}
