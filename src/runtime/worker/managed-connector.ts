import type { ConnectorOutline } from '../../config/connector-outline.ts';
import type { ConnectorRun, TargetState } from '../../offsets/stored-connectors.ts';
import type { GivenUpFile } from '../../plugin/index.ts';
import { reportOf } from '../events/error-report.ts';
import type { ErrorReport } from '../events/events.ts';
import type { Connector } from './connector.ts';
import type { FeedOutline } from './feed.ts';
import type { OffsetsTopic } from './internal-topics.ts';
import type { TaskState } from './states.ts';
import type { TaskHandle } from './task-handle.ts';

/** A connector as a client sees it, whether its configuration can be understood or not. */
export type ShownConfig = Pick<ConnectorOutline, 'name' | 'raw' | 'sensitiveKeys'>;

/** A configuration that was understood once and is not any more: a plugin is gone, say. */
export interface BrokenFeed {
  readonly shown: ShownConfig;
  readonly error: ErrorReport;
}

/** This worker's part in a run of a connector that several workers share. */
export interface Share {
  readonly run: ConnectorRun;
  /** Numbers of the tasks that it runs. */
  readonly own: ReadonlySet<number>;
}

export interface ManagedConnectorOptions {
  readonly feed: FeedOutline | BrokenFeed;
  readonly target: TargetState;
  /** null: all of it is this worker's. */
  readonly share: Share | null;
  /** The file that its configuration is in; null when that is the config topic. */
  readonly file: string | null;
  readonly gracefulMs: number;
  /** Splits a feed into tasks. Nothing is started. @param share where workers share it */
  readonly plan: (feed: FeedOutline, share: Share | null) => Promise<Connector>;
  /** Starts the tasks of a run, or makes them FAILED; ends soon after the signal. */
  readonly launch: (run: Connector, signal: AbortSignal, offsets?: OffsetsTopic | null) => Promise<void>;
}

/**
 * A connector for as long as its worker keeps it: what it is to be, and the run that makes it so. Each change of its
 * configuration, and each time it is resumed, is a run of its own, which shuts out the one before.
 */
export class ManagedConnector {
  readonly file: string | null;
  readonly #options: ManagedConnectorOptions;
  #feed: FeedOutline | BrokenFeed;
  #target: TargetState;
  #share: Share | null;
  #run: Connector | null = null;
  /** Why nobody can run it though it is understood. */
  #fault: ErrorReport | null = null;
  #launch: { readonly signal: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(options: ManagedConnectorOptions) {
    this.#options = options;
    this.#feed = options.feed;
    this.#target = options.target;
    this.#share = options.share;
    this.file = options.file;
  }

  get config(): ShownConfig {
    return 'shown' in this.#feed ? this.#feed.shown : this.#feed.config;
  }

  /** What runs, or would; null when its configuration cannot be understood. */
  get feed(): FeedOutline | null {
    return 'shown' in this.#feed ? null : this.#feed;
  }

  get target(): TargetState {
    return this.#target;
  }

  /** None of one that is STOPPED, as in Kafka Connect. */
  get tasks(): readonly TaskHandle[] {
    return this.#target === 'STOPPED' ? [] : (this.#run?.tasks ?? []);
  }

  /** Whether a task is this worker's. */
  isOwn(task: number): boolean {
    return this.#run?.isOwn(task) ?? false;
  }

  /** Whether it is this worker that tells others of the connector as a whole: where several share it, who has its first task. */
  get isTeller(): boolean {
    return this.#share === null || this.#share.own.has(0);
  }

  /** The version of the run that several workers share; null where they do not. */
  get version(): number | null {
    return this.#share?.run.version ?? null;
  }

  /** By which this worker holds it; null where nobody is shut out. */
  get claim(): string | null {
    return this.#run?.claim ?? null;
  }

  /** Of the connector; its tasks have their own. */
  get state(): TaskState {
    if (this.error !== null) return 'FAILED';
    if (this.#target !== 'STARTED') return this.#target;
    // Of tasks in other workers it is not known.
    if (this.#share !== null) return 'RUNNING';
    const shared = SHARED_STATES.find((one) => this.tasks.every(({ state }) => state === one));
    return shared ?? 'RUNNING';
  }

  /** Why the connector itself is FAILED. */
  get error(): ErrorReport | null {
    return 'shown' in this.#feed ? this.#feed.error : this.#fault;
  }

  /** Takes note of what it is to be; `apply` makes it so. */
  aim(target: TargetState): void {
    this.#target = target;
  }

  /** Has tasks, which are not started: first to show them, then to launch. */
  async plan(): Promise<void> {
    const { feed } = this;
    const untold = this.#untold;
    this.#run =
      this.#target === 'STARTED' && feed !== null ? await this.#options.plan(feed, this.#share) : null;
    this.retry(untold);
  }

  /** Opens the threads of its tasks ahead of `launch`. */
  prepare(): void {
    this.#run?.prepare();
  }

  /** Once it is known what it is to be: lets go of tasks that are not to run, and plans those that are. */
  async settle(): Promise<void> {
    if (this.#target === 'STARTED') return this.#run === null ? await this.plan() : undefined;
    await this.#end('stop');
    this.#run = null;
  }

  /** Has another part in its run: lets go of tasks that are others' now, and begins those that are its own. */
  async assign(own: ReadonlySet<number>, gracefulMs: number): Promise<void> {
    if (this.#share === null) return;
    this.#share = { ...this.#share, own };
    await this.#run?.assign(own, gracefulMs);
    if (this.#target === 'PAUSED') await this.#run?.pause(gracefulMs);
    else if (this.#run?.hasBegun === false) void this.launch();
  }

  /** Goes on in another run than before, whose part it has is to be told by `assign`. */
  share(run: ConnectorRun, own: ReadonlySet<number>): void {
    this.#share = { run, own };
  }

  /** Starts what `plan` has made; resolves when its tasks have begun or failed. @param offsets where it was asked for already */
  launch(offsets?: OffsetsTopic | null): Promise<void> {
    const run = this.#run;
    if (run === null || this.#share?.own.size === 0) return Promise.resolve();
    this.#launch?.signal.abort();
    const signal = new AbortController();
    const ended = this.#options.launch(run, signal.signal, offsets);
    this.#launch = { signal, ended };
    return ended;
  }

  /** Ends what runs and is not to, and starts what is to run and does not. */
  async apply(): Promise<void> {
    if (this.#target === 'STARTED') return await this.renew();
    await this.#end(this.#target === 'PAUSED' ? 'pause' : 'stop');
    if (this.#target === 'STOPPED') this.#run = null;
  }

  /** Ends what runs, and begins a new run, of another feed where one is given. */
  async renew(feed: FeedOutline | BrokenFeed | null = null): Promise<void> {
    // Its tasks are shown until there are others.
    await this.#end('giveWay');
    this.#feed = feed ?? unsplit(this.#feed);
    this.#fault = null;
    await this.plan();
    void this.launch();
  }

  /** Has another feed while it is not to run: what it had ends. */
  async replace(feed: FeedOutline | BrokenFeed): Promise<void> {
    this.#feed = feed;
    await this.apply();
  }

  /** Is FAILED as a whole, until it is configured anew or begins once more. */
  fail(error: unknown): void {
    this.#fault = reportOf(error);
  }

  mend(): void {
    this.#fault = null;
  }

  /** Begins tasks once more; all of them by a new run when one of them cannot begin by itself. */
  async restart(which: (task: TaskHandle) => boolean): Promise<void> {
    const run = this.#run;
    if (this.#target !== 'STARTED' || run === null) return;
    const chosen = run.tasks.filter((task) => run.isOwn(task.plan.taskId) && which(task));
    if (this.#share !== null && chosen.length === 0) return;
    const isOutdated = chosen.some(({ error }) => error !== null && OF_THE_RUN.has(error.code));
    if (!run.hasBegun || isOutdated) return await this.renew();
    await Promise.all(chosen.map((task) => task.restart(this.#options.gracefulMs)));
  }

  /** Has its tasks try files again that were given up, each those that are its own: now, or when they begin next. */
  retry(files: readonly GivenUpFile[]): void {
    for (const task of this.tasks) task.retry(files);
  }

  /** Each once: all tasks are told of all files. */
  get #untold(): GivenUpFile[] {
    const all = (this.#run?.tasks ?? []).flatMap(({ untold }) => untold);
    return [...new Map(all.map((file) => [file.path, file])).values()];
  }

  /** Lets its tasks commit and close; they are ended by force when they take too long. */
  stop(): Promise<void> {
    return this.#end('stop');
  }

  async #end(how: 'stop' | 'pause' | 'giveWay'): Promise<void> {
    this.#launch?.signal.abort();
    await this.#run?.[how](this.#options.gracefulMs);
    await this.#launch?.ended;
    this.#launch = null;
  }
}

/** A source of a user's is asked again: it may have more to do than it had, or less. */
function unsplit(feed: FeedOutline | BrokenFeed): FeedOutline | BrokenFeed {
  if ('shown' in feed || feed.config.source.modulePath === null) return feed;
  const { tasks: _, ...rest } = feed;
  return rest;
}

/** The states that a connector shares with its tasks when all of them have come to it. */
const SHARED_STATES: readonly TaskState[] = ['UNASSIGNED', 'COMPLETED'];

/** Errors of a run as a whole, which all of its tasks would have again. */
const OF_THE_RUN: ReadonlySet<ErrorReport['code']> = new Set(['KAFKA_FENCED', 'OFFSETS_LOST']);
