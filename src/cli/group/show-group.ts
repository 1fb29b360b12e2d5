import type { WorkerConfig } from '../../config/worker-config.ts';
import {
  type GroupDescription,
  type MemberDescription,
  nameOf,
  tasksOf,
} from '../../kafka/group/describe-group.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { quietClient } from '../worker-option.ts';
import { whySilent } from './answers.ts';
import { groupState, type NobodysTask } from './group-state.ts';

const MEMBERS: readonly Column[] = [
  { title: 'worker', align: 'left' },
  { title: 'name', align: 'left' },
  { title: 'address', align: 'left' },
  { title: 'answers', align: 'left' },
  { title: 'leads', align: 'left' },
  { title: 'tasks', align: 'right' },
  { title: 'labels', align: 'left' },
];
const TASKS: readonly Column[] = [
  { title: 'task', align: 'left' },
  { title: 'worker', align: 'left' },
];
const NOBODYS: readonly Column[] = [
  { title: 'nobody has', align: 'left' },
  { title: 'reason', align: 'left' },
];

/** A worker of the group, and why it does not answer; null while it does, or has not told where. */
type Asked = MemberDescription & { readonly silent: string | null };

/**
 * Prints who is in a worker's group and who has what; gives the exit code, `EXIT.incomplete` where nobody is there or does
 * not answer, or a task is nobody's.
 */
export async function showGroup(worker: WorkerConfig, json: boolean): Promise<number> {
  const { groupId } = worker;
  const { group, nobodys } = await groupState(quietClient(worker), worker);
  const sorted = group?.members.toSorted((a, b) => (whereOf(a) < whereOf(b) ? -1 : 1)) ?? [];
  const members = await Promise.all(sorted.map(asked));
  if (json) printJson(bodyOf(groupId, group, members, nobodys));
  else if (members.length === 0) console.error(`group ${groupId} has no workers`);
  else print(`${headOf(groupId, group, members)}\n\n${textTable(MEMBERS, members.map(memberRow))}`);
  if (!json) {
    const tasks = members.flatMap((member) => tasksOf(member).map((task) => [task, whereOf(member)]));
    if (tasks.length > 0)
      print(
        `\n${textTable(
          TASKS,
          tasks.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
        )}`,
      );
    if (nobodys.length > 0) print(`\n${textTable(NOBODYS, nobodys.map(nobodysRow))}`);
  }
  const isWell = members.length > 0 && nobodys.length === 0 && members.every(({ silent }) => silent === null);
  return isWell ? EXIT.ok : EXIT.incomplete;
}

async function asked(member: MemberDescription): Promise<Asked> {
  const { metadata } = member;
  return { ...member, silent: metadata === null ? null : await whySilent(metadata.url) };
}

function headOf(
  groupId: string,
  group: GroupDescription | null,
  members: readonly MemberDescription[],
): string {
  const count = members.length === 1 ? '1 worker' : `${members.length} workers`;
  const leader = members.find(({ isLeader }) => isLeader);
  const leads = leader === undefined ? 'nobody leads' : `led by ${whereOf(leader)}`;
  const what = group?.state === 'Stable' ? leads : 'its work is being shared out, ask again in a moment';
  return `group ${groupId}: ${count}, ${what}`;
}

/** Where a worker is reached; while that is not told, what calls it. */
function whereOf(member: MemberDescription): string {
  return member.metadata?.url ?? nameOf(member);
}

function memberRow(member: Asked): string[] {
  const { host, isLeader, metadata, silent } = member;
  const labels = [...(metadata?.labels ?? [])].map(([name, value]) => `${name}=${value}`);
  const tasks = String(tasksOf(member).length);
  const answers = silent === null ? 'yes' : `no: ${silent}`;
  const known = metadata === null ? '' : answers;
  return [whereOf(member), nameOf(member), host, known, isLeader ? 'leads' : '', tasks, labels.join(', ')];
}

function nobodysRow({ connector, task, reason }: NobodysTask): string[] {
  return [`${connector}-${task}`, reason ?? 'not told yet'];
}

function bodyOf(
  groupId: string,
  group: GroupDescription | null,
  members: readonly Asked[],
  nobodys: readonly NobodysTask[],
) {
  return {
    group: groupId,
    state: group?.state ?? null,
    members: members.map((member) => ({
      url: member.metadata?.url ?? null,
      instance: member.instanceId,
      member: member.memberId,
      address: member.host,
      silent: member.silent,
      isLeader: member.isLeader,
      labels: Object.fromEntries(member.metadata?.labels ?? []),
      tasks: tasksOf(member),
    })),
    unassigned: nobodys,
  };
}
