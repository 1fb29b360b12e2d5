import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../config/worker-config.ts';
import { messageOf } from '../errors.ts';
import {
  connectorKey,
  isStateOf,
  stateRecord,
  type ToldState,
  ToldStates,
  taskIn,
  taskKey,
  topicKey,
} from '../offsets/told-states.ts';
import type { ClusterView } from '../runtime/cluster/cluster-view.ts';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import { GatheredWrites } from '../runtime/worker/gathered-writes.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import { StatusTopic } from '../runtime/worker/status-topic.ts';
import { statusBody, type WorkerIdentity } from './connector-bodies.ts';

/** What changes within so many milliseconds is written together. */
const GATHER_MS = 200;
/** More than a worker has connectors and tasks. */
const MOST_WAITING = 100_000;
const RETRY_MS = 5_000;
/** Of a worker without a group. */
const ONE_GENERATION = 1;

export interface StatusKeeperOptions {
  readonly worker: WorkerConfig;
  readonly herder: Herder;
  /** Null where the worker has no group. */
  readonly cluster: ClusterView | null;
  readonly identity: () => WorkerIdentity;
  /** Told once of each outage in which states could not be written, or those of others not be read. */
  readonly onFailure: (reason: string) => void;
}

type Told = Omit<ToldState, 'generation'>;

/**
 * Tells the states of connectors and tasks in the status topic, and the topics that connectors write to, in Kafka Connect's
 * form (org.apache.kafka.connect.storage.KafkaStatusBackingStore). Nothing waits for it: it is for those who look.
 *
 * In a group each worker tells of the tasks that it runs, the leader of connectors, and of tasks that nobody can run; each
 * reads what the others tell.
 */
export class StatusKeeper {
  readonly #options: StatusKeeperOptions;
  readonly #topic: StatusTopic;
  readonly #told = new ToldStates();
  /** What this worker has told last, by key. */
  readonly #own = new Map<string, Told>();
  readonly #writes: GatheredWrites<string | null>;
  readonly #stop = new AbortController();
  #following: Promise<void> | null = null;
  #isRestored = false;

  constructor(options: StatusKeeperOptions) {
    this.#options = options;
    this.#topic = new StatusTopic(options.worker, () =>
      options.cluster === null ? null : options.identity().workerId,
    );
    this.#writes = new GatheredWrites({
      gatherMs: GATHER_MS,
      mostWaiting: MOST_WAITING,
      onFailure: options.onFailure,
      write: async (batch) => {
        if (options.cluster === null) await this.#restore();
        await this.#topic.write(batch);
      },
    });
  }

  /** Sorted names. */
  topicsOf(connector: string): readonly string[] {
    return this.#told.topicsOf(connector);
  }

  resetTopics(connector: string): void {
    for (const topic of this.#told.topicsOf(connector)) this.#write(topicKey(topic, connector), null);
  }

  /** What another worker tells of a connector; null where this one knows it itself, or nothing is told. */
  elsewhere(connector: ManagedConnector): ToldState | null {
    return this.#isTold(connector) ? null : this.#told.of(connectorKey(connector.config.name));
  }

  /** The same of a task. */
  taskElsewhere(connector: ManagedConnector, task: number): ToldState | null {
    const told = this.#runsHere(connector, task) ? null : this.#told.of(taskKey(connector.config.name, task));
    // Who has it need not have begun it to be told to wait.
    return told?.state === 'UNASSIGNED' && connector.target === 'PAUSED'
      ? { ...told, state: 'PAUSED' }
      : told;
  }

  tasksElsewhere(connector: ManagedConnector): [number, ToldState][] {
    const { config, file, target } = connector;
    if (this.#options.cluster === null || file !== null || target === 'STOPPED') return [];
    const told = this.#told.keysOf(config.name).flatMap((key): [number, ToldState][] => {
      const task = taskIn(key, config.name);
      const state = this.#told.of(key);
      if (task === null || state === null) return [];
      // A worker that is gone has not told so.
      return [[task, target === 'PAUSED' ? { ...state, state: 'PAUSED' } : state]];
    });
    return told.sort(([a], [b]) => a - b);
  }

  apply(event: RuntimeEvent): void {
    const { cluster, herder } = this.#options;
    if (cluster !== null) this.#following ??= this.#follow();
    if (event.type === 'transaction.committed')
      this.#onTopics(event.connector, event.task, Object.keys(event.topics));
    if (event.type === 'group.changed') for (const name of herder.connectors.keys()) this.#onStates(name);
    if (isOfStates(event)) this.#onStates(event.connector);
    if (event.type === 'connector.changed' && event.change === 'deleted' && cluster?.isLeader !== false)
      this.resetTopics(event.connector);
  }

  /** Writes what there is to write, once more at most. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#writes.close();
  }

  /** Whether the worker has its connector's state from itself: of a group's, the leader tells it. */
  #isTold(connector: ManagedConnector): boolean {
    const { cluster } = this.#options;
    return cluster === null || cluster.isLeader || connector.file !== null;
  }

  #runsHere(connector: ManagedConnector, task: number): boolean {
    return this.#options.cluster === null || connector.file !== null || connector.isOwn(task);
  }

  /** The topics that a worker before this one has told. */
  async #restore(): Promise<void> {
    if (this.#isRestored) return;
    for (const [key, value] of await this.#topic.takeOver()) this.#restoreTopic(key, value);
    this.#isRestored = true;
  }

  /** Keeps it if it is one that a connector of this worker has written to. */
  #restoreTopic(key: string, value: string): void {
    const before = new ToldStates();
    before.apply(key, value);
    for (const connector of this.#options.herder.connectors.keys())
      if (before.topicsOf(connector).length > 0) this.#told.apply(key, value);
  }

  /** Reads what the others tell, and all that was told before. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    let isFailing = false;
    while (!signal.aborted) {
      await this.#topic
        .follow({
          signal,
          onRecord: (key, value) => this.#onRecord(key, value),
          onAnew: () => this.#tellAgain(),
        })
        .catch((error) => {
          if (!isFailing) this.#options.onFailure(messageOf(error));
          isFailing = true;
        });
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }

  #onRecord(key: string, value: string | null): void {
    this.#told.apply(key, value);
    const own = this.#own.get(key);
    const told = this.#told.of(key);
    if (own === undefined || told === null || told.workerId === own.workerId) return;
    // It was written by a worker that ran the task before, or led before, and did not know yet that it does no more.
    if (told.generation <= this.#generation)
      this.#write(key, stateRecord({ ...own, generation: this.#generation }));
  }

  /** The topic was made anew, and is empty. */
  #tellAgain(): void {
    this.#told.clear();
    const generation = this.#generation;
    for (const [key, own] of this.#own) this.#write(key, stateRecord({ ...own, generation }));
  }

  get #generation(): number {
    return this.#options.cluster?.generation ?? ONE_GENERATION;
  }

  #onTopics(connector: string, task: number, topics: readonly string[]): void {
    for (const name of topics) {
      if (this.#told.hasTopic(connector, name)) continue;
      const topic = { name, connector, task, discoverTimestamp: Date.now() };
      this.#write(topicKey(name, connector), JSON.stringify({ topic }));
    }
  }

  #onStates(name: string): void {
    const connector = this.#options.herder.connectors.get(name);
    if (connector === undefined) return this.#onDeleted(name);
    const now = this.#statesNow(connector);
    for (const [key, told] of now) this.#tell(key, told);
    for (const key of [...this.#own.keys()].filter((one) => isStateOf(one, name) && !now.has(one)))
      this.#letGo(connector, key);
  }

  #onDeleted(name: string): void {
    const isOthers = this.#options.cluster?.isLeader === false;
    const own = [...this.#own.keys()].filter((key) => isStateOf(key, name));
    for (const key of new Set([...own, ...(isOthers ? [] : this.#told.keysOf(name))])) {
      this.#own.delete(key);
      this.#write(key, null);
    }
  }

  /** What this worker tells of a connector, by key. */
  #statesNow(connector: ManagedConnector): ReadonlyMap<string, Told> {
    const { cluster, identity } = this.#options;
    const { name } = connector.config;
    const body = statusBody(connector, identity());
    const told = new Map<string, Told>();
    if (this.#isTold(connector)) told.set(connectorKey(name), toldOf(body.connector));
    const isShared = cluster !== null && connector.file === null;
    const nobodys = cluster?.isLeader === true ? cluster.unassigned.get(name) : undefined;
    for (const task of body.tasks) {
      const key = taskKey(name, task.id);
      if (this.#runsHere(connector, task.id))
        told.set(key, isShared ? betweenWorkers(toldOf(task)) : toldOf(task));
      else if (nobodys !== undefined) told.set(key, { ...toldOf(task), state: 'UNASSIGNED', trace: nobodys });
    }
    return told;
  }

  /** What was told of is another worker's now, or is not any more. */
  #letGo(connector: ManagedConnector, key: string): void {
    const own = this.#own.get(key) as Told;
    this.#own.delete(key);
    const { name } = connector.config;
    const task = taskIn(key, name);
    if (task === null) return;
    if (!connector.tasks.some(({ plan }) => plan.taskId === task)) return this.#write(key, null);
    // Who has it by now may have told so.
    const told = this.#told.of(key);
    const isOwn = told === null || told.workerId === own.workerId || told.generation < this.#generation;
    const generation = this.#generation;
    if (isOwn) this.#write(key, stateRecord({ ...own, state: 'UNASSIGNED', trace: null, generation }));
  }

  #tell(key: string, told: Told): void {
    if (isSame(this.#own.get(key), told)) return;
    this.#own.set(key, told);
    this.#write(key, stateRecord({ ...told, generation: this.#generation }));
  }

  #write(key: string, value: string | null): void {
    this.#told.apply(key, value);
    this.#writes.put(key, value);
  }
}

function isOfStates(event: RuntimeEvent) {
  return (
    event.type === 'task.state' || event.type === 'connector.changed' || event.type === 'connector.failed'
  );
}

function isSame(a: Told | undefined, b: Told): boolean {
  return a?.state === b.state && a.trace === b.trace && a.workerId === b.workerId && a.version === b.version;
}

/** A task that ends here goes on elsewhere. */
function betweenWorkers(told: Told): Told {
  return told.state === 'STOPPED' ? { ...told, state: 'UNASSIGNED' } : told;
}

function toldOf(body: {
  readonly state: string;
  readonly trace?: string;
  readonly worker_id: string;
  readonly version: string | null;
}): Told {
  const { state, trace = null, worker_id: workerId, version } = body;
  return { state, trace, workerId, version };
}
