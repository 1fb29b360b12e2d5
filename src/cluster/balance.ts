import type { TaskName } from './messages.ts';

/** A task that is to be run by one of some members, which are told by their places in the list of members. */
export interface PlacedTask {
  readonly name: TaskName;
  readonly connector: string;
  readonly eligible: Eligible;
  /** Who runs it; null where nobody does, so that it may go to anyone without being moved. */
  readonly owner: number | null;
  /** Who ran it before and has come back. */
  readonly home: number | null;
}

/** Members that may run a task; the same object for all tasks for which they are the same. */
export interface Eligible {
  readonly members: readonly number[];
  readonly has: readonly boolean[];
}

/** What nobody runs is moved first: so what was let go of goes where the round before meant it to go. */
type Movable = 'unowned' | 'all';

/** Where tasks are, and how many of each connector and of each kind of placement a member has. */
class Shares {
  readonly tasks: Set<PlacedTask>[];
  readonly #ofConnector: Map<string, number>[];
  readonly #ofPlacement: Map<Eligible, number>[];
  readonly #unowned: Map<Eligible, number>[];

  constructor(members: number) {
    const each = <T>(make: () => T) => Array.from({ length: members }, make);
    this.tasks = each(() => new Set());
    this.#ofConnector = each(() => new Map());
    this.#ofPlacement = each(() => new Map());
    this.#unowned = each(() => new Map());
  }

  load(member: number): number {
    return this.#at(this.tasks, member).size;
  }

  ofConnector(member: number, connector: string): number {
    return this.#at(this.#ofConnector, member).get(connector) ?? 0;
  }

  placements(member: number, which: Movable): Iterable<Eligible> {
    return this.#at(which === 'all' ? this.#ofPlacement : this.#unowned, member).keys();
  }

  add(member: number, task: PlacedTask): void {
    this.#at(this.tasks, member).add(task);
    this.#count(member, task, 1);
  }

  move(task: PlacedTask, from: number, to: number): void {
    this.#at(this.tasks, from).delete(task);
    this.#count(from, task, -1);
    this.add(to, task);
  }

  of(member: number): ReadonlySet<PlacedTask> {
    return this.#at(this.tasks, member);
  }

  #count(member: number, { connector, eligible, owner }: PlacedTask, by: number): void {
    add(this.#at(this.#ofConnector, member), connector, by);
    add(this.#at(this.#ofPlacement, member), eligible, by);
    if (owner === null) add(this.#at(this.#unowned, member), eligible, by);
  }

  #at<T>(list: readonly T[], member: number): T {
    return list[member] as T;
  }
}

/**
 * Which tasks each member is to run: as few as possible move, and no task could go to another member, nor a chain of tasks
 * each to the next, so that two numbers of tasks came nearer to one another. So where all may run all, these differ by one
 * at most. Those of a connector are spread where that moves none.
 */
export function balance(members: number, tasks: readonly PlacedTask[]): readonly ReadonlySet<PlacedTask>[] {
  const shares = new Shares(members);
  for (const task of tasks) {
    const at = task.owner ?? task.home;
    if (at !== null) shares.add(at, task);
  }
  for (const task of tasks) {
    if (task.owner === null && task.home === null) shares.add(leastLoaded(shares, task), task);
  }
  for (const which of ['unowned', 'all'] as const) while (levelOut(shares, members, which));
  return shares.tasks;
}

function leastLoaded(shares: Shares, { eligible, connector }: PlacedTask): number {
  const [first, ...others] = eligible.members as [number, ...number[]];
  let best = first;
  for (const member of others) {
    const less =
      shares.load(member) - shares.load(best) ||
      shares.ofConnector(member, connector) - shares.ofConnector(best, connector);
    if (less < 0) best = member;
  }
  return best;
}

/** @returns whether a task was moved */
function levelOut(shares: Shares, members: number, which: Movable): boolean {
  const byLoad = Array.from({ length: members }, (_, member) => member).sort(
    (a, b) => shares.load(b) - shares.load(a) || a - b,
  );
  for (const member of byLoad) {
    const chain = chainToLess(shares, member, which);
    if (chain === null) continue;
    for (const [from, to] of chain) shares.move(easiestToMove(shares, from, to, which), from, to);
    return true;
  }
  return false;
}

/** The shortest way on which each member gives one task to the next, from one to the least of those that have less by two. */
function chainToLess(shares: Shares, from: number, which: Movable): [number, number][] | null {
  const before = new Map<number, number | null>([[from, null]]);
  const seen = new Set<Eligible>();
  let ring = [from];
  while (ring.length > 0) {
    const next: number[] = [];
    for (const member of ring) {
      for (const eligible of shares.placements(member, which)) {
        if (seen.has(eligible)) continue;
        seen.add(eligible);
        for (const to of eligible.members) {
          if (before.has(to)) continue;
          before.set(to, member);
          next.push(to);
        }
      }
    }
    const least = next.sort((a, b) => shares.load(a) - shares.load(b) || a - b)[0];
    if (least !== undefined && shares.load(least) <= shares.load(from) - 2) return chainTo(before, least);
    ring = next;
  }
  return null;
}

function chainTo(before: ReadonlyMap<number, number | null>, last: number): [number, number][] {
  const chain: [number, number][] = [];
  for (let to = last; ; ) {
    const from = before.get(to) ?? null;
    if (from === null) return chain.reverse();
    chain.push([from, to]);
    to = from;
  }
}

/** One that nobody runs, one that comes home, one whose connector has many tasks here and few there; then by name. */
function easiestToMove(shares: Shares, from: number, to: number, which: Movable): PlacedTask {
  const rank = (task: PlacedTask) => [
    task.owner === null || task.owner === to ? 1 : 0,
    task.home === to ? 2 : task.home === from ? 0 : 1,
    shares.ofConnector(from, task.connector) - shares.ofConnector(to, task.connector),
  ];
  let best: { readonly task: PlacedTask; readonly rank: readonly number[] } | null = null;
  for (const task of shares.of(from)) {
    if (!task.eligible.has[to] || (which === 'unowned' && task.owner !== null)) continue;
    const candidate = { task, rank: rank(task) };
    if (best === null || isBefore(candidate, best)) best = candidate;
  }
  if (best === null) throw new Error(`no task of member ${from} may go to member ${to}`);
  return best.task;
}

function isBefore(
  a: { readonly task: PlacedTask; readonly rank: readonly number[] },
  b: { readonly task: PlacedTask; readonly rank: readonly number[] },
): boolean {
  for (const [index, rank] of a.rank.entries()) {
    const other = b.rank[index] as number;
    if (rank !== other) return rank > other;
  }
  return a.task.name < b.task.name;
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
