import { expect, onTestFinished } from 'vitest';
import type { JoinedMember } from '../../../src/cluster/membership-events.ts';
import type { Assignment, MemberMetadata, TaskName } from '../../../src/cluster/messages.ts';
import { taskName } from '../../../src/cluster/messages.ts';
import type { WorkerConfig } from '../../../src/config/worker-config.ts';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import type { AppliedChange, GroupHost } from '../../../src/kafka/group/group-host.ts';
import { GroupMember } from '../../../src/kafka/group/group-member.ts';
import { ConnectorClaims } from '../../../src/offsets/connector-claims.ts';
import type { RestartCommand } from '../../../src/offsets/stored-connectors.ts';
import { ConfigFollower } from '../../../src/runtime/cluster/config-follower.ts';
import type { Crew, StoredConnector, TasksByConnector } from '../../../src/runtime/cluster/crew.ts';
import { SharedWork } from '../../../src/runtime/cluster/shared-work.ts';
import type { RuntimeEvent } from '../../../src/runtime/events/events.ts';
import type { FeedOutline } from '../../../src/runtime/worker/feed.ts';
import { configsTopic } from '../../../src/runtime/worker/internal-topics.ts';
import { storedFeeds } from '../../../src/runtime/worker/stored-feeds.ts';
import { workerOf } from '../../config/sample-feed.ts';
import { bootstrapServers, testClient, uniqueName } from '../../kafka/support.ts';

/** The shortest session that brokers allow. */
const TIMES = { sessionTimeoutMs: 6000, heartbeatIntervalMs: 500, rebalanceTimeoutMs: 30_000 };

export const SOON = { timeout: 25_000, interval: 20 };

/** A worker of a group that is new, or of this one, whose topics are its own. */
export function groupWorker(group = uniqueName('group')): WorkerConfig {
  return workerOf({
    'bootstrap.servers': bootstrapServers,
    'group.id': group,
    'session.timeout.ms': String(TIMES.sessionTimeoutMs),
    'heartbeat.interval.ms': String(TIMES.heartbeatIntervalMs),
    'config.storage.topic': `${group}.configs`,
    'offset.storage.topic': `${group}.offsets`,
    'offset.storage.partitions': '1',
    listeners: 'http://127.0.0.1:0',
  });
}

/** A copy of a worker's config topic, which is told to nobody. */
export async function startedFollower(client: KafkaClient, worker: WorkerConfig): Promise<ConfigFollower> {
  await configsTopic(client, worker);
  const told = { onChange: () => {}, onRestart: () => {}, onLoggerLevel: () => {} };
  const follower = new ConfigFollower({ client, worker, ...told });
  await follower.start();
  return follower;
}

/** A worker's part in its group, before a crew that runs nothing and takes down what it is told. */
export class Member implements Crew {
  readonly work: SharedWork;
  readonly worker: WorkerConfig;
  readonly stored = new Map<string, StoredConnector>();
  readonly events: RuntimeEvent[] = [];
  readonly restarts: string[] = [];
  /** Why connectors cannot be run by anybody. */
  readonly faults = new Map<string, unknown>();
  /** Done before it follows a change. */
  beforeFollowing: () => Promise<void> = async () => {};
  #tasks: TasksByConnector = new Map();
  readonly #feeds = new Map<string, FeedOutline>();

  private constructor(worker: WorkerConfig, client: KafkaClient) {
    this.worker = worker;
    this.work = new SharedWork({ client, worker, crew: this });
  }

  /** One that has read the config topic, and leaves with the test. */
  static async reading(worker: WorkerConfig, client = testClient()): Promise<Member> {
    const member = new Member(worker, client);
    onTestFinished(() => member.work.stop());
    await member.work.read();
    return member;
  }

  /** One that has joined too, and was given its share. */
  static async joined(worker: WorkerConfig, name: string, client = testClient()): Promise<Member> {
    const member = await Member.reading(worker, client);
    await member.work.join(`http://${name}:8083`);
    return member;
  }

  /** Names of what it is to run, in order. */
  get tasks(): readonly TaskName[] {
    return [...this.#tasks].flatMap(([name, own]) => [...own].map((task) => taskName(name, task))).sort();
  }

  get logged(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'log' ? event.message : []));
  }

  async follow(changed: ReadonlyMap<string, StoredConnector>): Promise<void> {
    await this.beforeFollowing();
    for (const [name, stored] of changed) {
      this.stored.set(name, stored);
      const feed = stored.raw === null ? null : await this.outline(name, stored.raw);
      if (feed === null) this.#feeds.delete(name);
      else this.#feeds.set(name, feed);
    }
  }

  async assign(tasks: TasksByConnector): Promise<void> {
    this.#tasks = tasks;
  }

  restartOwn({ connector }: RestartCommand & { readonly connector: string }): void {
    this.restarts.push(connector);
  }

  async outline(name: string, raw: Readonly<Record<string, string>>): Promise<FeedOutline | null> {
    const [feed] = await storedFeeds(new Map([[name, raw]]), [], this.worker);
    return feed === undefined || 'shown' in feed ? null : feed;
  }

  feedOf(name: string): FeedOutline | null {
    return this.#feeds.get(name) ?? null;
  }

  fail(name: string, error: unknown): void {
    this.faults.set(name, error);
  }

  mend(name: string): void {
    this.faults.delete(name);
  }

  publish(event: RuntimeEvent): void {
    this.events.push(event);
  }
}

/** A feed, as the config topic has it, of so many tasks. */
export function feedOfTasks(name: string, tasks: number): Readonly<Record<string, string>> {
  return {
    name,
    'connector.class': 'directory',
    'input.path': '/data/drop',
    'tasks.max': String(tasks),
    transforms: 'parse,route',
    'transforms.parse.type': 'csv',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
  };
}

/** Who leads a group, and has no config topic: it tells the others what the test wants it to. */
export class PlayedLeader implements GroupHost {
  readonly #member: GroupMember;
  #generation = 0;
  /** What the others are told. */
  told: { readonly tasks: readonly TaskName[]; readonly configOffset: number } = {
    tasks: [],
    configOffset: 0,
  };

  private constructor({ groupId }: WorkerConfig) {
    this.#member = new GroupMember(testClient(), { groupId, instanceId: null, ...TIMES }, this);
  }

  static async start(worker: WorkerConfig): Promise<PlayedLeader> {
    const leader = new PlayedLeader(worker);
    onTestFinished(() => leader.#member.stop());
    leader.#member.start();
    await leader.#inRoundAfter(0);
    return leader;
  }

  /** Shares out anew; resolves when that is told. */
  async tell(tasks: readonly TaskName[], configOffset: number): Promise<void> {
    this.told = { tasks, configOffset };
    const before = this.#generation;
    this.#member.rejoin();
    await this.#inRoundAfter(before);
  }

  get generation(): number {
    return this.#generation;
  }

  metadata(): MemberMetadata {
    return { url: 'http://played:8083', configOffset: 0, tasks: new Set(), labels: new Map() };
  }

  async assign(members: readonly JoinedMember[]): Promise<ReadonlyMap<string, Assignment>> {
    const { configOffset } = this.told;
    return new Map(
      members.map(({ memberId, metadata }) => {
        const isOwn = metadata.url === this.metadata().url;
        const tasks = new Set(isOwn ? [] : this.told.tasks);
        const revoked = metadata.tasks.difference(tasks);
        const leader = { leaderUrl: this.metadata().url, leaderInstanceId: null };
        return [memberId, { error: 'none', ...leader, configOffset, tasks, revoked }];
      }),
    );
  }

  async apply({ generation }: AppliedChange): Promise<void> {
    this.#generation = generation;
  }

  async lose(): Promise<void> {}

  fail(): void {}

  async #inRoundAfter(generation: number): Promise<void> {
    await expect.poll(() => this.#generation, SOON).toBeGreaterThan(generation);
  }
}

/** A member that runs nothing, and tells of itself what the test wants it to. Others lead. */
export class PlayedMember implements GroupHost {
  readonly changes: AppliedChange[] = [];
  /** How many times it was asked what it tells. */
  joins = 0;
  told: { readonly configOffset: number; readonly tasks: readonly TaskName[] };

  private constructor(told: PlayedMember['told']) {
    this.told = told;
  }

  static start({ groupId }: WorkerConfig, told: PlayedMember['told']): PlayedMember {
    const played = new PlayedMember(told);
    const member = new GroupMember(testClient(), { groupId, instanceId: null, ...TIMES }, played);
    onTestFinished(() => member.stop());
    member.start();
    return played;
  }

  metadata(): MemberMetadata {
    this.joins++;
    const { configOffset, tasks } = this.told;
    return { url: 'http://played:8083', configOffset, tasks: new Set(tasks), labels: new Map() };
  }

  assign(): Promise<never> {
    throw new Error('another was to lead');
  }

  async apply(change: AppliedChange): Promise<void> {
    this.changes.push(change);
  }

  async lose(): Promise<void> {}

  fail(): void {}
}

/** A claim of a connector for a run of it, as a leader writes it once all that ran before are shut out. */
export function claimRecords({ groupId, offsetStorageTopic }: WorkerConfig, name: string, run: number) {
  return new ConnectorClaims().records(name, {
    ...{ tasks: 1, group: groupId, claim: `${name} of run ${run}`, run },
    ...{ host: 'played', pid: 1, at: new Date().toISOString() },
    ...{ offsetsTopic: offsetStorageTopic, offsetsTopicId: null },
  });
}
