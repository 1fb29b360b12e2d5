import { expect, onTestFinished } from 'vitest';
import type { JoinedMember } from '../../../src/cluster/membership-events.ts';
import type { Assignment, MemberMetadata, TaskName } from '../../../src/cluster/messages.ts';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import type { AppliedChange, GroupHost } from '../../../src/kafka/group/group-host.ts';
import { GroupMember } from '../../../src/kafka/group/group-member.ts';
import type { GroupMemberOptions } from '../../../src/kafka/group/member-requests.ts';
import { testClient, uniqueName } from '../support.ts';

/** The shortest session that brokers allow unless they are told otherwise. */
const TIMES = { sessionTimeoutMs: 6000, heartbeatIntervalMs: 500, rebalanceTimeoutMs: 30_000 };

export interface TestWorkerOptions extends Partial<GroupMemberOptions> {
  readonly groupId: string;
  /** Names of all tasks of the group, in the order in which members get them. */
  readonly work: readonly TaskName[];
  readonly client?: KafkaClient;
}

/** A worker whose tasks do nothing. Where it leads, it gives each member every n-th task, in two rounds. */
export class TestWorker implements GroupHost {
  readonly name: string;
  readonly member: GroupMember;
  readonly work: TaskName[];
  readonly changes: AppliedChange[] = [];
  readonly losses: { readonly reason: string; readonly atMs: number }[] = [];
  failure: Error | null = null;
  /** Told after each change. */
  onChange: () => void = () => {};
  /** Done before tasks are let go. */
  beforeRelease: () => Promise<void> = async () => {};
  /** Done before the work is shared out. */
  beforeAssign: () => Promise<void> = async () => {};
  readonly #instanceId: string | null;
  #tasks: ReadonlySet<TaskName> = new Set();

  constructor(name: string, { work, client = testClient(), ...options }: TestWorkerOptions) {
    this.name = name;
    this.#instanceId = options.instanceId ?? null;
    this.work = [...work];
    this.member = new GroupMember(client, { instanceId: null, ...TIMES, ...options }, this);
  }

  /** Starts one that stops with the test. */
  static start(name: string, options: TestWorkerOptions): TestWorker {
    const worker = new TestWorker(name, options);
    onTestFinished(() => worker.member.stop());
    worker.member.start();
    return worker;
  }

  /** What it runs, in order. */
  get tasks(): readonly TaskName[] {
    return [...this.#tasks].sort();
  }

  get isLeader(): boolean {
    return this.changes.at(-1)?.isLeader ?? false;
  }

  metadata(): MemberMetadata {
    const labels = new Map([['name', this.name]]);
    return { url: `http://${this.name}:8083`, configOffset: 7, tasks: this.#tasks, labels };
  }

  async assign(members: readonly JoinedMember[]): Promise<ReadonlyMap<string, Assignment>> {
    await this.beforeAssign();
    const inOrder = members.toSorted((a, b) => (a.metadata.url < b.metadata.url ? -1 : 1));
    const running = new Set(members.flatMap(({ metadata }) => [...metadata.tasks]));
    return new Map(
      inOrder.map(({ memberId, metadata }, place) => {
        const wanted = new Set(this.work.filter((_, index) => index % members.length === place));
        const own = metadata.tasks;
        const tasks = new Set([...wanted].filter((task) => own.has(task) || !running.has(task)));
        const { url: leaderUrl, configOffset } = this.metadata();
        return [
          memberId,
          {
            error: 'none',
            leaderUrl,
            leaderInstanceId: this.#instanceId,
            configOffset,
            tasks,
            revoked: own.difference(wanted),
          },
        ] as const;
      }),
    );
  }

  async apply(change: AppliedChange): Promise<void> {
    this.changes.push(change);
    const { tasks, revoked } = change.assignment;
    this.#tasks = tasks.union(revoked);
    if (revoked.size > 0) await this.beforeRelease();
    this.#tasks = this.#tasks.difference(revoked);
    this.onChange();
  }

  async lose(reason: string): Promise<void> {
    this.losses.push({ reason, atMs: performance.now() });
    this.#tasks = new Set();
  }

  fail(error: Error): void {
    this.failure = error;
  }
}

/** Time enough for a session to end and for all to join again. */
export const SOON = { timeout: 25_000, interval: 20 };

export const WORK: readonly TaskName[] = ['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2'];

export function newGroup(): { readonly groupId: string; readonly work: readonly TaskName[] } {
  return { groupId: uniqueName('group'), work: WORK };
}

/** Starts workers one after another, each once the one before it has its share. */
export async function startWorkers<const Names extends readonly string[]>(
  group: TestWorkerOptions,
  ...names: Names
): Promise<{ [Name in keyof Names]: TestWorker }> {
  const workers: TestWorker[] = [];
  for (const name of names) {
    workers.push(TestWorker.start(name, group));
    await expectShared(workers);
  }
  return workers as { [Name in keyof Names]: TestWorker };
}

/** Waits until each runs every n-th task. */
export async function expectShared(workers: readonly TestWorker[], work = WORK): Promise<void> {
  const shares = workers.map((_, place) => work.filter((__, index) => index % workers.length === place));
  await expect.poll(() => workers.map(({ tasks }) => tasks), SOON).toEqual(shares);
}
