import { isMember } from '../../config/define/group.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { brokerNumbers } from '../../kafka/cluster/broker-configs.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { describeGroup, type GroupDescription, requireMayJoin } from '../../kafka/group/describe-group.ts';
import { count, counted } from '../../terminal/figures.ts';
import { type About, attempt, type Check, failed, passed } from './check.ts';

const BOUNDS = ['group.min.session.timeout.ms', 'group.max.session.timeout.ms'] as const;

/** Whether a worker could be a member of its group, and who is. */
export async function* groupChecks(
  client: KafkaClient,
  worker: WorkerConfig,
  subject: string,
): AsyncGenerator<Check> {
  if (!isMember(worker)) return;
  const about = { subject, key: 'group.id' };
  yield await attempt(about, async () => {
    await requireMayJoin(client, worker.groupId);
    return passed(about, told(worker.groupId, await describeGroup(client, worker.groupId)));
  });
  const brokers = (await brokerNumbers(client, BOUNDS).catch(() => null)) ?? [];
  if (brokers.length > 0) yield sessionCheck({ subject, key: 'session.timeout.ms' }, worker, brokers);
}

function told(groupId: string, group: GroupDescription | null): string {
  if (group === null || group.members.length === 0) return `no worker is in the group ${groupId} now`;
  const leader = group.members.find(({ isLeader }) => isLeader)?.metadata?.url;
  const workers = `${counted(group.members.length, 'worker')} in the group ${groupId}`;
  return leader === undefined ? `${workers}, which share the work out now` : `${workers}, led by ${leader}`;
}

function sessionCheck(
  about: About,
  { sessionTimeoutMs }: WorkerConfig,
  brokers: readonly Readonly<Record<(typeof BOUNDS)[number], number>>[],
): Check {
  const [least, most] = BOUNDS;
  const min = Math.max(...brokers.map((broker) => broker[least]));
  const max = Math.min(...brokers.map((broker) => broker[most]));
  const bounds = `the brokers' ${least} and ${most} are ${count(min)} and ${count(max)}`;
  const isWithin = min <= sessionTimeoutMs && sessionTimeoutMs <= max;
  if (isWithin) return passed(about, `${count(sessionTimeoutMs)}; ${bounds}`);
  return failed(about, `got ${count(sessionTimeoutMs)}, but ${bounds}: set it between them`);
}
