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
import type { ConnectorRun, TargetState } from '../../offsets/stored-connectors.ts';
import type { ConfigTopic } from '../worker/config-topic.ts';
import { configsTopic } from '../worker/internal-topics.ts';
import { taskId } from '../worker/take-over.ts';
import type { ClusterView } from './cluster-view.ts';
import { ConfigFollower } from './config-follower.ts';
import type { Crew, TasksByConnector } from './crew.ts';
import { FollowedConnectors } from './followed-connectors.ts';
import { Lead } from './lead.ts';
import { endLeftOpen } from './left-open.ts';
import { MarkerWatch } from './markers.ts';

/** As long as tasks get to end that may begin elsewhere at any moment. */
const LOSE_MS = 1_000;
/** Between two tries to share out the work again since tasks were fenced. */
const FENCED_MS = 1_000;

export interface SharedWorkOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly crew: Crew;
}

/** A worker's part in its group: what it knows of the connectors, which tasks it has, whether it leads. */
export class SharedWork implements ClusterView {
  readonly #options: SharedWorkOptions;
  readonly #follower: ConfigFollower;
  readonly #followed: FollowedConnectors;
  readonly #lead: Lead;
  readonly #stop = new AbortController();
  #member: GroupMember | null = null;
  #leaderUrl: string | null = null;
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
        void this.#lead.settle(command.connector);
      },
      onLoggerLevel: (level) => crew.publish({ type: 'logger.level', ...level }),
    });
    this.#followed = new FollowedConnectors({
      follower: this.#follower,
      crew,
      markers: this.#markers,
      onFollowed: (connectors) => {
        void this.#lead.settle(...connectors);
        this.#lead.shareOutWhatIsNew();
      },
      onTrouble: (reason) =>
        this.#log(null, 'error', 'a change of the config topic could not be followed', { reason }),
    });
    this.#lead = new Lead({
      client,
      worker,
      crew,
      follower: this.#follower,
      followed: this.#followed,
      signal: this.#stop.signal,
      isSure: () => this.isSure,
      rejoinIn: (ms) => this.#rejoinIn(ms),
      log: (connector, message, fields) => this.#log(connector, 'warn', message, fields),
    });
  }

  /** Rejects when the worker cannot be a member, for good. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** The group's, as whoever leads it may change it. */
  get configs(): ConfigTopic {
    return this.#lead.configs;
  }

  get isLeader(): boolean {
    return this.#lead.isLeading;
  }

  get isSure(): boolean {
    return this.#member?.isSure ?? false;
  }

  /** Where the leader's REST is reached; null while it is not known who leads. */
  get leaderUrl(): string | null {
    return this.#leaderUrl;
  }

  get generation(): number {
    return this.#generation;
  }

  get sessionKeys(): readonly Buffer[] {
    const { keys } = this.#follower.sessionKeys;
    const written = this.#lead.writtenKeys.keys;
    return [...keys, ...written.filter((key) => !keys.some((known) => known.equals(key)))];
  }

  get unassigned(): ReadonlyMap<string, string> {
    return this.#lead.unassigned;
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
        assign: (members) => this.#lead.shareOut(members, { url: this.#url, instanceId: this.#instanceId }),
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
    await this.#lead.settle(connector);
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
    await this.#lead.close();
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

  async #apply({ isLeader, generation, assignment }: AppliedChange): Promise<void> {
    this.#generation = generation;
    this.#toldOffset = assignment.configOffset;
    // It led before it was started anew, under another address, and is to lead again in a moment.
    const isOwnLead =
      !isLeader && this.#instanceId !== null && assignment.leaderInstanceId === this.#instanceId;
    this.#leaderUrl = isOwnLead ? null : assignment.leaderUrl;
    if (isLeader) this.#lead.begin();
    else this.#lead.end();
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
      const isStillSo = () => round === this.#rounds && this.isSure;
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
    this.#lead.end();
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
