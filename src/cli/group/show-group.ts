import type { WorkerConfig } from '../../config/worker-config.ts';
import type { GroupDescription, MemberDescription } from '../../kafka/group/describe-group.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { quietClient } from '../worker-option.ts';
import { groupState, type NobodysTask, nameOf, tasksOf } from './group-state.ts';

const MEMBERS: readonly Column[] = [
  { title: 'worker', align: 'left' },
  { title: 'name', align: 'left' },
  { title: 'address', align: 'left' },
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

/**
 * Prints who is in a worker's group and who has what; gives the exit code, `EXIT.incomplete` where nobody is there, or a
 * task is nobody's.
 */
export async function showGroup(worker: WorkerConfig, json: boolean): Promise<number> {
  const { groupId } = worker;
  const { group, nobodys } = await groupState(quietClient(worker), worker);
  const members = group?.members.toSorted((a, b) => (whereOf(a) < whereOf(b) ? -1 : 1)) ?? [];
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
  return members.length === 0 || nobodys.length > 0 ? EXIT.incomplete : EXIT.ok;
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

function memberRow(member: MemberDescription): string[] {
  const { host, isLeader, metadata } = member;
  const labels = [...(metadata?.labels ?? [])].map(([name, value]) => `${name}=${value}`);
  const tasks = String(tasksOf(member).length);
  return [whereOf(member), nameOf(member), host, isLeader ? 'leads' : '', tasks, labels.join(', ')];
}

function nobodysRow({ connector, task, reason }: NobodysTask): string[] {
  return [`${connector}-${task}`, reason ?? 'not told yet'];
}

function bodyOf(
  groupId: string,
  group: GroupDescription | null,
  members: readonly MemberDescription[],
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
      isLeader: member.isLeader,
      labels: Object.fromEntries(member.metadata?.labels ?? []),
      tasks: tasksOf(member),
    })),
    unassigned: nobodys,
  };
}
