import { balance, type Eligible, type PlacedTask } from './balance.ts';
import { type Homes, homesAfter } from './homes.ts';
import type { JoinedMember } from './membership-events.ts';
import type { Assignment, TaskName } from './messages.ts';
import { taskNames, type Work } from './work.ts';

type Labels = ReadonlyMap<string, string>;

export interface Leader {
  /** Where its REST is reached. */
  readonly url: string;
  readonly instanceId: string | null;
}

export interface AssignOptions {
  readonly leader: Leader;
  /** What the last call gave; `NO_HOMES` at first. */
  readonly homes: Homes;
  readonly nowMs: number;
}

export interface SharedOut {
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Connectors that nobody can run, with the reason. */
  readonly unassigned: ReadonlyMap<string, string>;
  readonly homes: Homes;
}

/**
 * Who is to run which tasks. A task that a member runs and another is to run is only let go of in this round; when it has
 * ended, all join again, and the other gets it. What stays where it is goes on through all of it. What nobody runs is given
 * away at once, also what a dead member ran: whoever starts a task shuts out those who ran it before.
 */
export function assign(members: readonly JoinedMember[], work: Work, options: AssignOptions): SharedOut {
  const { leader, homes } = options;
  if (members.some(({ metadata }) => metadata.configOffset > work.configOffset))
    return { assignments: nothingChanges(members, leader), unassigned: new Map(), homes };

  const ordered = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const { tasks, unassigned } = placed(ordered, work, homes);
  const targets = balance(ordered.length, tasks);
  const run = new Set(ordered.flatMap(({ metadata }) => [...metadata.tasks]));
  const assignments = new Map<string, Assignment>();
  const targetNames = new Map<string, ReadonlySet<TaskName>>();
  for (const [index, { memberId, metadata }] of ordered.entries()) {
    const names = [...(targets[index] as ReadonlySet<PlacedTask>)].map(({ name }) => name).sort();
    const target = new Set(names);
    targetNames.set(memberId, target);
    assignments.set(memberId, {
      ...told(leader, 'none', work.configOffset),
      tasks: new Set(names.filter((name) => metadata.tasks.has(name) || !run.has(name))),
      revoked: new Set([...metadata.tasks].filter((name) => !target.has(name)).sort()),
    });
  }
  return { assignments, unassigned, homes: homesAfter(homes, ordered, targetNames, options.nowMs) };
}

/** What a leader tells that knows too little to decide: all go on with what they run, and join again soon. */
export function nothingChanges(
  members: readonly JoinedMember[],
  leader: Leader,
): ReadonlyMap<string, Assignment> {
  return new Map(
    members.map(({ memberId, metadata }) => [
      memberId,
      {
        ...told(leader, 'behind', metadata.configOffset),
        tasks: metadata.tasks,
        revoked: new Set<TaskName>(),
      },
    ]),
  );
}

function told(leader: Leader, error: Assignment['error'], configOffset: number) {
  return { error, leaderUrl: leader.url, leaderInstanceId: leader.instanceId, configOffset };
}

function placed(members: readonly JoinedMember[], work: Work, homes: Homes) {
  const unassigned = new Map<string, string>();
  const tasks: PlacedTask[] = [];
  const owners = ownerOf(members);
  const before = homeOf(members, homes);
  const known = new Map<string, Eligible>();
  const connectors = [...work.connectors].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [connector, { tasks: count, labels }] of connectors) {
    const eligible = eligibleFor(members, labels, known);
    if (eligible.members.length === 0) {
      if (count > 0) unassigned.set(connector, `no worker of the group has the labels ${shown(labels)}`);
      continue;
    }
    const among = (member: number | undefined) =>
      member !== undefined && eligible.has[member] ? member : null;
    for (const name of taskNames(connector, count)) {
      const task = { name, connector, eligible };
      tasks.push({ ...task, owner: among(owners.get(name)), home: among(before.get(name)) });
    }
  }
  return { tasks, unassigned };
}

/** Of two that tell of the same task one was shut out by the other, and who that is will be seen. */
function ownerOf(members: readonly JoinedMember[]): ReadonlyMap<TaskName, number> {
  const owners = new Map<TaskName, number>();
  for (const [index, { metadata }] of members.entries()) {
    for (const name of metadata.tasks) if (!owners.has(name)) owners.set(name, index);
  }
  return owners;
}

/** Of two that had a task, the one that has been away for longer: the other had it meanwhile. */
function homeOf(members: readonly JoinedMember[], homes: Homes): ReadonlyMap<TaskName, number> {
  const back = members
    .flatMap(({ instanceId }, member) => {
      const home = instanceId === null ? undefined : homes.get(instanceId);
      return home === undefined ? [] : [{ member, home }];
    })
    .sort((a, b) => b.home.seenAtMs - a.home.seenAtMs || b.member - a.member);
  return new Map(back.flatMap(({ member, home }) => [...home.tasks].map((name) => [name, member])));
}

function eligibleFor(
  members: readonly JoinedMember[],
  labels: Labels,
  known: Map<string, Eligible>,
): Eligible {
  const has = members.map(({ metadata }) => hasLabels(metadata.labels, labels));
  const key = has.map(Number).join('');
  const same = known.get(key);
  if (same !== undefined) return same;
  const eligible = { has, members: has.flatMap((may, index) => (may ? [index] : [])) };
  known.set(key, eligible);
  return eligible;
}

function hasLabels(has: Labels, needs: Labels): boolean {
  return [...needs].every(([label, value]) => has.get(label) === value);
}

function shown(labels: Labels): string {
  return [...labels].map(([label, value]) => `${label}=${value}`).join(', ');
}
