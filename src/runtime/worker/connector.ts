import { type ConnectorOutline, pluginPathsOf } from '../../config/connector-outline.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { reportOf } from '../events/error-report.ts';
import type { ErrorReport, RuntimeEvent } from '../events/events.ts';
import { filesThere, taskSplitNow } from '../plugins/feed-outline.ts';
import type { Lookout } from '../sleep/lookout.ts';
import type { SleepingSource } from '../sleep/lookout-messages.ts';
import type { ThreadRoom } from '../sleep/thread-room.ts';
import type { Taps } from '../tap/taps.ts';
import type { Hold } from '../task/task-plan.ts';
import type { FeedOutline, TaskSplit } from './feed.ts';
import type { OffsetsTopic } from './internal-topics.ts';
import { type CountedConnector, requireSameOffsets } from './lost-offsets.ts';
import { requireClaim, takeOver } from './take-over.ts';
import { TaskHandle } from './task-handle.ts';

/** A connector that a worker runs: its tasks, each in a thread of its own. */
export class Connector {
  readonly #feed: FeedOutline;
  readonly #worker: WorkerConfig;
  readonly #client: KafkaClient;
  readonly #tasks: readonly TaskHandle[];
  readonly #publish: (event: RuntimeEvent) => void;
  /** Why it cannot be split into tasks. */
  readonly #fault: HeadraceError | null;
  readonly #shared: SharedRun | null;
  /** Numbers of the tasks that this worker runs; of the others it knows no more than that they are. */
  #own: ReadonlySet<number>;
  #hold: Hold | null = null;

  private constructor(
    { feed, worker, client, room, lookout, taps, shared, publish }: ConnectorOptions,
    split: TaskSplit,
  ) {
    const { config, entries } = feed;
    const { count: taskCount, mistake } = split;
    this.#feed = feed;
    this.#fault = mistake === null ? null : new HeadraceError('PLUGIN_FAILED', mistake);
    this.#worker = worker;
    this.#client = client;
    this.#publish = publish;
    this.#shared = shared;
    this.#own = shared?.own ?? new Set(Array.from({ length: taskCount }, (_, task) => task));
    const restarts = { initialMs: config.restart.backoffMs, maxMs: config.restart.backoffMaxMs };
    this.#tasks = Array.from({ length: taskCount }, (_, taskId) => {
      const plan = { worker, feed: entries, connector: config.name, taskId, taskCount };
      const source = sleepingSource(config);
      return new TaskHandle({
        isOwn: pluginPathsOf(config).length === 0,
        plan,
        restarts,
        room,
        lookout,
        taps,
        source,
        onFenced: shared === null ? null : () => this.#onFenced(shared),
        publish: (event) => this.#onEvent(event),
      });
    });
  }

  /** Splits the connector's work into tasks. Nothing is started. */
  static async plan(options: ConnectorOptions): Promise<Connector> {
    const { feed, worker, shared } = options;
    if (shared !== null) return new Connector(options, { count: shared.tasks, mistake: null });
    return new Connector(options, feed.tasks ?? (await taskSplitNow(feed, worker)));
  }

  get config(): ConnectorOutline {
    return this.#feed.config;
  }

  /** By which it holds the connector; null before its tasks have begun, and without transactions. */
  get claim(): string | null {
    return this.#hold?.claim ?? null;
  }

  get tasks(): readonly TaskHandle[] {
    return this.#tasks;
  }

  get #ownTasks(): TaskHandle[] {
    return this.#tasks.filter(({ plan }) => this.#own.has(plan.taskId));
  }

  get isShared(): boolean {
    return this.#shared !== null;
  }

  isOwn(task: number): boolean {
    return this.#own.has(task);
  }

  /** Has other tasks than before: lets go of those that are not its own any more, and begins the others if it has begun. */
  async assign(own: ReadonlySet<number>, gracefulMs: number): Promise<void> {
    this.#own = own;
    if (this.#hold !== null) this.#begin(this.#hold);
    const others = this.#tasks.filter(({ plan }) => !own.has(plan.taskId));
    await Promise.all(
      others.map(async (task) => {
        await task.release(gracefulMs);
        // It may have been given back before it had ended.
        const isBack = this.#own.has(task.plan.taskId) && task.state === 'UNASSIGNED';
        if (isBack && this.#hold !== null) task.begin(this.#hold);
      }),
    );
  }

  /** Opens its tasks' threads, which load what they need while the worker asks Kafka; each then waits for its beginning. */
  prepare(): void {
    if (this.#fault === null) for (const task of this.#ownTasks) task.prepare();
  }

  /**
   * Shuts out whoever ran the connector before, and only then starts its tasks.
   *
   * @param offsets the offset topic; null when it is missing, which it may not be for a connector that ran before
   * @throws HeadraceError of Kafka's, OFFSETS_LOST, and PLUGIN_FAILED
   */
  async start(offsets: OffsetsTopic | null, signal: AbortSignal): Promise<void> {
    if (this.#fault !== null) throw this.#fault;
    const claim = this.config.exactlyOnce ? await this.#claim(offsets, signal) : null;
    // Whoever stops it may have waited for this no longer.
    if (signal.aborted) return;
    this.#hold = { claim, offsetsTopicId: offsets?.id ?? null };
    this.#begin(this.#hold);
  }

  #begin(hold: Hold): void {
    for (const task of this.#ownTasks) if (task.state === 'UNASSIGNED') task.begin(hold);
  }

  /** Gracefully within `gracefulMs`, then by force. */
  async stop(gracefulMs: number): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.stop(gracefulMs)));
  }

  /** As `stop`, for another run that takes its place. */
  async giveWay(gracefulMs: number): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.makeRoom(gracefulMs)));
  }

  /** As `stop`, for a connector that is to go on. */
  async pause(gracefulMs: number): Promise<void> {
    await Promise.all(this.#ownTasks.map((task) => task.pause(gracefulMs)));
  }

  /** Whether its tasks have begun, so that one of them can begin again. */
  get hasBegun(): boolean {
    return this.#hold !== null;
  }

  /** Makes all of its tasks FAILED that are not at their end. */
  fail(error: unknown): Promise<void> {
    return this.#failAll(reportOf(error));
  }

  async #failAll(error: ErrorReport): Promise<void> {
    const gracefulMs = this.#worker.taskShutdownGracefulTimeoutMs;
    await Promise.all(this.#ownTasks.map((task) => task.fail(error, gracefulMs)));
  }

  /** Where workers share it their leader takes it over for all of them. */
  async #claim(offsets: OffsetsTopic | null, signal: AbortSignal): Promise<string> {
    if (this.#shared !== null) return await this.#shared.claim(signal);
    const { claim } = await takeOver(this.#client, {
      worker: this.#worker,
      connector: this.config.name,
      tasks: this.#tasks.length,
      offsets,
      judge: async (former) => {
        if (former === null) return;
        await requireSameOffsets(this.#worker, this.#counted, former, offsets);
      },
      signal,
    });
    return claim;
  }

  get #counted(): CountedConnector {
    const { config, entries } = this.#feed;
    return { name: config.name, filesThere: () => filesThere(entries, this.#worker) };
  }

  /** What it holds it by may be outdated: it is found out anew before another task begins. */
  #onFenced({ onFenced }: SharedRun): void {
    this.#hold = null;
    onFenced();
  }

  #onEvent(event: RuntimeEvent): void {
    this.#publish(event);
    if (event.type !== 'task.state' || event.state !== 'FAILED' || event.error === undefined) return;
    if (event.error.code === 'OFFSETS_LOST') void this.#failAll(event.error);
    else if (event.error.code === 'KAFKA_FENCED') void this.#endIfTakenOver();
  }

  /** One task hears of it with its next commit; those that have nothing to do would never. */
  async #endIfTakenOver(): Promise<void> {
    const claim = this.#hold?.claim ?? null;
    if (claim === null) return;
    try {
      await requireClaim(this.#client, this.#worker, this.config.name, claim);
    } catch (error) {
      if (reportOf(error).code === 'KAFKA_FENCED') return await this.fail(error);
      const { name: connector } = this.config;
      const fields = { reason: messageOf(error) };
      const message = 'who has taken over could not be found out';
      this.#publish({ type: 'log', connector, task: 0, level: 'warn', message, fields });
    }
  }
}

/** A run of a connector whose tasks several workers share. */
export interface SharedRun {
  /** How many tasks it has in all workers together. */
  readonly tasks: number;
  readonly own: ReadonlySet<number>;
  /** Waits until the leader has taken the connector over for this run, and gives the claim. */
  readonly claim: (signal: AbortSignal) => Promise<string>;
  /** Told that another worker has taken over a task. */
  readonly onFenced: () => void;
}

export interface ConnectorOptions {
  readonly feed: FeedOutline;
  /** null: all of its tasks are this worker's. */
  readonly shared: SharedRun | null;
  readonly worker: WorkerConfig;
  readonly client: KafkaClient;
  /** Which all tasks of the worker share. */
  readonly room: ThreadRoom;
  readonly lookout: Lookout;
  readonly taps: Taps;
  readonly publish: (event: RuntimeEvent) => void;
}

/** A file of dead letters is copied whenever a task begins: one that has such a file begins once. */
function sleepingSource({ source, errors }: ConnectorOutline): SleepingSource | null {
  if (source.canLookOut !== true || errors.deadLetterFile !== null) return null;
  return { name: source.plugin.name, values: source.values };
}
