import { setTimeout as delay } from 'node:timers/promises';
import { assign, nothingChanges } from '../../cluster/assign.ts';
import { type Homes, NO_HOMES } from '../../cluster/homes.ts';
import type { JoinedMember } from '../../cluster/membership-events.ts';
import {
  type Assignment,
  type MemberMetadata,
  type TaskName,
  taskName,
  taskNamed,
} from '../../cluster/messages.ts';
import { labelsOf } from '../../config/define/labels.ts';
import { parseListener } from '../../config/define/listener.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { AppliedChange } from '../../kafka/group/group-host.ts';
import { GroupMember } from '../../kafka/group/group-member.ts';
import { newSessionKeyRecord } from '../../offsets/session-key.ts';
import type { ConnectorRun, TargetState } from '../../offsets/stored-connectors.ts';
import { ConfigTopic } from '../worker/config-topic.ts';
import { configsTopic } from '../worker/internal-topics.ts';
import { taskId } from '../worker/take-over.ts';
import type { ClusterView } from './cluster-view.ts';
import { ConfigFollower } from './config-follower.ts';
import type { Crew, TasksByConnector } from './crew.ts';
import { FollowedConnectors } from './followed-connectors.ts';
import { LeaderRecords } from './leader-records.ts';
import { endLeftOpen } from './left-open.ts';
import { MarkerWatch } from './markers.ts';
import { RunKeeper } from './run-keeper.ts';

/** As long as tasks get to end that may begin elsewhere at any moment. */
const LOSE_MS = 1_000;
/** As long as Kafka Connect signs with one key. */
const SESSION_KEY_MS = 3_600_000;
/** As long as a leader reads on that knows less of the config topic than a member; then all go on as before, and join again. */
const BEHIND_MS = 5_000;
/** Changes of what there is to do within so many milliseconds are one. */
const GATHER_MS = 250;
/** Between two tries to share out the work again since tasks were fenced. */
const FENCED_MS = 1_000;

export interface SharedWorkOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly crew: Crew;
}

/** A worker's part in its group: what it knows of the connectors, which tasks it has, whether it leads. */
export class SharedWork implements ClusterView {
  readonly configs: ConfigTopic;
  readonly #options: SharedWorkOptions;
  readonly #follower: ConfigFollower;
  readonly #followed: FollowedConnectors;
  readonly #records: LeaderRecords;
  readonly #runs: RunKeeper;
  readonly #stop = new AbortController();
  #member: GroupMember | null = null;
  /** Ends when it leads no more. */
  #leading: AbortController | null = null;
  #leaderUrl: string | null = null;
  #unassigned: ReadonlyMap<string, string> = new Map();
  #homes: Homes = NO_HOMES;
  /** What there was to do when it was shared out here last. */
  #sharedOut = '';
  readonly #markers = new MarkerWatch(() => this.#member?.rejoin());
  #url = '';
  #instanceId: string | null = null;
  #generation = 0;
  /** As far as the leader knew the config topic. */
  #toldOffset = 0;
  #tasks: TasksByConnector = new Map();
  /** Of which tasks are being let go. */
  #former: readonly TaskName[] = [];
  /** Counts what it was told to run. */
  #rounds = 0;
  #rejoining: NodeJS.Timeout | undefined;
  readonly #joined = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<never>();

  constructor(options: SharedWorkOptions) {
    const { client, worker, crew } = options;
    this.#options = options;
    this.#failed.promise.catch(() => {});
    this.#follower = new ConfigFollower({
      client,
      worker,
      onChange: () => void this.#followed.follow(),
      onRestart: (command) => {
        crew.restartOwn(command);
        if (this.#leading !== null) void this.#runs.settle(command.connector, this.#leading.signal);
      },
    });
    this.#followed = new FollowedConnectors({
      follower: this.#follower,
      crew,
      markers: this.#markers,
      onFollowed: (connectors) => this.#onFollowed(connectors),
      onTrouble: (reason) =>
        this.#log(null, 'error', 'a change of the config topic could not be followed', { reason }),
    });
    this.#records = new LeaderRecords({
      client,
      worker,
      follower: this.#follower,
      isSure: () => this.#member?.isSure ?? false,
      onFenced: () => {
        void this.#followLeader();
        this.#member?.rejoin();
      },
    });
    this.configs = new ConfigTopic(this.#records);
    this.#runs = new RunKeeper({
      client,
      worker,
      follower: this.#follower,
      configs: this.configs,
      records: this.#records,
      outline: (connector, raw) => crew.outline(connector, raw),
      onFault: (connector, error) => crew.fail(connector, error),
      onSettled: (connector) => crew.mend(connector),
      onWaiting: (connector, reason) =>
        this.#log(connector, 'warn', 'its tasks cannot be given out yet', { reason }),
    });
  }

  /** Rejects when the worker cannot be a member, for good. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  get isLeader(): boolean {
    return this.#leading !== null;
  }

  /** Where the leader's REST is reached; null while it is not known who leads. */
  get leaderUrl(): string | null {
    return this.#leaderUrl;
  }

  get generation(): number {
    return this.#generation;
  }

  get sessionKeys(): readonly Buffer[] {
    return this.#follower.sessionKeys.keys;
  }

  get unassigned(): ReadonlyMap<string, string> {
    return this.#unassigned;
  }

  /**
   * Reads what there is of connectors.
   *
   * @returns what connectors are to be, also those that are not the group's
   * @throws HeadraceError TOPIC_INVALID, and those of Kafka
   */
  async read(): Promise<ReadonlyMap<string, TargetState>> {
    const { client, worker } = this.#options;
    await configsTopic(client, worker);
    await this.#follower.start();
    await this.#followed.follow();
    return this.#follower.stored.targets;
  }

  /**
   * Becomes a member. Resolves when the group has given it work, or `stop` was called.
   *
   * @param url where its REST is reached
   */
  join(url: string): Promise<void> {
    const { client, worker } = this.#options;
    this.#url = url;
    this.#instanceId = worker.groupInstanceId ?? lastingAddress(worker, url);
    this.#member = new GroupMember(
      client,
      {
        groupId: worker.groupId,
        instanceId: this.#instanceId,
        sessionTimeoutMs: worker.sessionTimeoutMs,
        heartbeatIntervalMs: worker.heartbeatIntervalMs,
        rebalanceTimeoutMs: worker.rebalanceTimeoutMs,
      },
      {
        metadata: () => this.#metadata(),
        assign: (members) => this.#assign(members),
        apply: (change) => this.#apply(change),
        lose: (reason) => this.#lose(reason),
        fail: (error) => this.#failed.reject(error),
      },
    );
    this.#member.start();
    return this.#joined.promise;
  }

  /**
   * Waits until the leader has taken a connector over for this run of it, and gives the claim. While less is known than
   * the leader has told of, the run may be over.
   */
  claim(connector: string, { version }: ConnectorRun, signal: AbortSignal): Promise<string> {
    const claim = () =>
      this.#follower.position < this.#toldOffset ? null : this.#follower.claimFor(connector, version);
    return this.#follower.until(claim, signal);
  }

  /** Another worker has taken over a task: it is looked who is to run it. */
  onFenced(): void {
    this.#rejoinIn(FENCED_MS);
  }

  /** What comes until then is shared out together. */
  #rejoinIn(ms: number): void {
    this.#rejoining ??= setTimeout(() => {
      this.#rejoining = undefined;
      this.#member?.rejoin();
    }, ms);
  }

  /** Resolves when what was written of a connector is known here, and its tasks are counted. */
  async settle(connector: string): Promise<void> {
    if (this.#leading !== null) await this.#runs.settle(connector, this.#leading.signal);
    await this.sync();
  }

  async sync(): Promise<void> {
    await this.#follower.sync(this.#stop.signal);
    await this.#followed.follow();
  }

  /** Leaves the group, so that the others need not wait. End its tasks before. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#joined.resolve();
    clearTimeout(this.#rejoining);
    this.#markers.stop();
    await this.#member?.stop();
    await this.#follower.stop();
    await this.#followLeader();
    await this.#records.close();
  }

  #metadata(): MemberMetadata {
    const { worker } = this.#options;
    return {
      url: this.#url,
      configOffset: this.#followed.offset,
      tasks: new Set([...namesOf(this.#tasks), ...this.#former]),
      labels: new Map([...labelsOf(worker.workerLabels), ...this.#markers.labels]),
    };
  }

  async #assign(members: readonly JoinedMember[]): Promise<ReadonlyMap<string, Assignment>> {
    const wanted = Math.max(...members.map(({ metadata }) => metadata.configOffset));
    const leader = { url: this.#url, instanceId: this.#instanceId };
    if (!(await this.#isSoonFollowedTo(wanted))) return nothingChanges(members, leader);
    this.#sharedOut = this.#workKey();
    const shared = assign(members, this.#followed.work(), {
      leader,
      homes: this.#homes,
      nowMs: performance.now(),
    });
    this.#homes = shared.homes;
    for (const [connector, reason] of shared.unassigned) {
      if (this.#unassigned.get(connector) !== reason)
        this.#log(connector, 'warn', 'no worker of the group can run its tasks', { reason });
    }
    this.#unassigned = shared.unassigned;
    return shared.assignments;
  }

  async #apply({ isLeader, generation, assignment }: AppliedChange): Promise<void> {
    this.#generation = generation;
    this.#toldOffset = assignment.configOffset;
    // It led before it was started anew, under another address, and is to lead again in a moment.
    const isOwnLead =
      !isLeader && this.#instanceId !== null && assignment.leaderInstanceId === this.#instanceId;
    this.#leaderUrl = isOwnLead ? null : assignment.leaderUrl;
    if (isLeader && this.#leading === null) void this.#lead();
    if (!isLeader) await this.#followLeader();
    if (assignment.error === 'none') await this.#take(assignment);
    if (assignment.error === 'none' && !isOwnLead) this.#joined.resolve();
    this.#tellChange();
  }

  async #take(assignment: Assignment): Promise<void> {
    this.#rounds++;
    const round = this.#rounds;
    try {
      await this.#followed.followTo(assignment.configOffset, this.#stop.signal);
      // Meanwhile it may have been told otherwise, or its session may be over: others have these tasks then.
      const isStillSo = () => round === this.#rounds && this.#member?.isSure === true;
      if (!isStillSo()) return;
      await endLeftOpen(this.#options.client, this.#idsOfNew(assignment.tasks));
      if (!isStillSo()) return;
      await this.#give(byConnector(assignment.tasks), this.#options.worker.taskShutdownGracefulTimeoutMs);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#log(null, 'error', 'what the group has given to this worker could not be begun', {
        reason: messageOf(error),
      });
    }
  }

  /** Transactional ids of tasks that this worker did not have. */
  #idsOfNew(tasks: Assignment['tasks']): Set<string> {
    const before = new Set([...namesOf(this.#tasks), ...this.#former]);
    const added = [...tasks].filter((name) => !before.has(name)).map(taskNamed);
    return new Set(added.map(({ connector, task }) => taskId(this.#options.worker, connector, task)));
  }

  async #lose(reason: string): Promise<void> {
    if (!this.#stop.signal.aborted)
      this.#log(null, 'warn', 'this worker has lost its place in the group and ends its tasks', { reason });
    this.#leaderUrl = null;
    this.#rounds++;
    void this.#followLeader();
    // Others may have them by now: they are not told of as its own until they have ended.
    this.#tasks = new Map();
    this.#former = [];
    await this.#give(new Map(), LOSE_MS);
    this.#tellChange();
  }

  #tellChange(): void {
    const { isLeader, leaderUrl, generation } = this;
    const tasks = namesOf(this.#tasks).length;
    this.#options.crew.publish({ type: 'group.changed', generation, isLeader, leaderUrl, tasks });
  }

  async #give(tasks: TasksByConnector, gracefulMs: number): Promise<void> {
    // What an earlier round let go of may not have ended yet.
    this.#former = [...this.#former, ...namesOf(this.#tasks)];
    this.#tasks = tasks;
    await this.#options.crew.assign(tasks, gracefulMs);
    if (this.#tasks === tasks) this.#former = [];
  }

  async #lead(): Promise<void> {
    const leading = new AbortController();
    this.#leading = leading;
    const { signal } = leading;
    this.#shareOutWhatIsNew();
    try {
      await this.#records.lead();
      await this.#follower.sync(signal);
      await this.#renewSessionKey();
      const names = [...this.#follower.stored.configs.keys()];
      await Promise.all(names.map((name) => this.#runs.settle(name, signal)));
    } catch (error) {
      if (signal.aborted) return;
      this.#log(null, 'warn', 'this worker leads its group and cannot write to its config topic', {
        reason: messageOf(error),
      });
      this.#leading = null;
      this.onFenced();
    }
  }

  async #renewSessionKey(): Promise<void> {
    const { createdMs } = this.#follower.sessionKeys;
    const now = Date.now();
    if (createdMs === null || now - createdMs > SESSION_KEY_MS)
      await this.#records.write([newSessionKeyRecord(now)]);
  }

  async #followLeader(): Promise<void> {
    if (this.#leading === null) return;
    this.#leading.abort();
    this.#leading = null;
    await this.#records.follow();
  }

  #onFollowed(connectors: readonly string[]): void {
    const { signal } = this.#leading ?? {};
    if (signal === undefined) return;
    for (const name of connectors) void this.#runs.settle(name, signal);
    this.#shareOutWhatIsNew();
  }

  /** Also what came while it was decided who leads, and nobody would have taken note of. */
  #shareOutWhatIsNew(): void {
    if (this.#workKey() !== this.#sharedOut) this.#rejoinIn(GATHER_MS);
  }

  /** What is to be given out, for comparison. */
  #workKey(): string {
    const { connectors } = this.#followed.work();
    return JSON.stringify(
      [...connectors].map(([name, { tasks, placement }]) => [name, tasks, [...placement.labels]]),
    );
  }

  /** False where it takes too long, or the worker stops. */
  #isSoonFollowedTo(offset: number): Promise<boolean> {
    const { signal } = this.#stop;
    const followed = this.#followed.followTo(offset, signal).then(() => true);
    const late = delay(BEHIND_MS, false, { signal, ref: false });
    return Promise.race([followed, late]).catch((error) => {
      if (signal.aborted) return false;
      throw error;
    });
  }

  #log(
    connector: string | null,
    level: 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    this.#options.crew.publish({ type: 'log', connector: connector ?? '', task: 0, level, message, fields });
  }
}

/**
 * The address of a worker, by which it is known when it starts again: a worker that died gets its tasks back at once. Null
 * where it has another port each time.
 */
function lastingAddress({ listeners }: WorkerConfig, url: string): string | null {
  const isLasting = parseListener(listeners[0] ?? '')?.port !== 0;
  return isLasting ? new URL(url).host.replace(/[^a-zA-Z0-9._-]/g, '-') : null;
}

function namesOf(tasks: TasksByConnector): TaskName[] {
  return [...tasks].flatMap(([connector, numbers]) => [...numbers].map((task) => taskName(connector, task)));
}

function byConnector(names: Iterable<TaskName>): Map<string, Set<number>> {
  const tasks = new Map<string, Set<number>>();
  for (const { connector, task } of [...names].map(taskNamed))
    tasks.set(connector, (tasks.get(connector) ?? new Set()).add(task));
  return tasks;
}
