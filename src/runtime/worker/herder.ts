import { availableParallelism } from 'node:os';
import { isMember } from '../../config/define/group.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readClaims } from '../../offsets/connector-claims.ts';
import type { LoggerLevel } from '../../offsets/logger-level.ts';
import type { RestartCommand, TargetState } from '../../offsets/stored-connectors.ts';
import type { GivenUpFile } from '../../plugin/index.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { SharedWork } from '../cluster/shared-work.ts';
import type { RuntimeEvent } from '../events/events.ts';
import { RuntimeEvents } from '../events/events.ts';
import { taskSplitNow } from '../plugins/feed-outline.ts';
import { Lookout } from '../sleep/lookout.ts';
import { ThreadRoom } from '../sleep/thread-room.ts';
import { Taps } from '../tap/taps.ts';
import { AskedTogether } from './asked-together.ts';
import { ConfigTopic, configProducer, OwnConfigRecords } from './config-topic.ts';
import { Connector, type SharedRun } from './connector.ts';
import { ConnectorNews } from './connector-news.ts';
import { ConnectorOffsets } from './connector-offsets.ts';
import type { FeedOutline } from './feed.ts';
import { GroupConnectors, TOLD } from './group-connectors.ts';
import {
  configsTopic,
  findOffsetsTopic,
  findOffsetsTopicPatiently,
  type OffsetsTopic,
  offsetsTopic,
} from './internal-topics.ts';
import { workerClient } from './kafka-client-config.ts';
import { type BrokenFeed, ManagedConnector, type Share } from './managed-connector.ts';
import { overOutages } from './over-outages.ts';
import { SeveralAtOnce } from './several-at-once.ts';
import { SideBySide } from './side-by-side.ts';
import { storedFeeds } from './stored-feeds.ts';
import { Turns } from './turns.ts';

export interface HerderOptions {
  readonly worker: WorkerConfig;
  /** It runs the connectors that are in the config topic too, and keeps there what it is told. */
  readonly keepsConfigs?: boolean;
}

export interface PutOptions {
  /** The file that the feed is in; null keeps it in the config topic. */
  readonly file: string | null;
  /** What a connector that is new is to be; STARTED by default. */
  readonly target?: TargetState;
  /** Changes nothing where there is one of this name. */
  readonly mustBeNew?: boolean;
}

/** Each has connections of its own. */
const TAKE_OVERS_AT_ONCE = 16;

const NAMED_TASKS = { includesTasks: false, onlyFailed: false };

/** Tasks that begin at once, on a machine of few processors. */
const LEAST_STARTING = 4;

/**
 * Looks after the connectors of a worker: starts them, changes them, keeps their state, stops them. Lives in the main
 * thread. What is asked of one connector is done in its order; no connector waits for another.
 */
export class Herder {
  readonly events = new RuntimeEvents();
  readonly offsets: ConnectorOffsets;
  readonly taps = new Taps();
  readonly #news = new ConnectorNews((event) => this.events.publish(event));
  readonly #worker: WorkerConfig;
  readonly #client: KafkaClient;
  /** What it keeps of connectors that are its alone: in a group, what those in files are to be. */
  readonly #ownConfigs: ConfigTopic | null;
  readonly #ownRecords: OwnConfigRecords;
  /** What it shares with the other workers of its group; null where it has no group. */
  readonly #shared: SharedWork | null;
  readonly #room: ThreadRoom;
  /** Connectors that begin together ask once. */
  readonly #offsetsFound = new AskedTogether(() => findOffsetsTopic(this.#client, this.#worker));
  readonly #takeOvers = new SeveralAtOnce(TAKE_OVERS_AT_ONCE);
  readonly #lookout = new Lookout((event) => this.events.publish(event));
  readonly #connectors = new Map<string, ManagedConnector>();
  /** By connector. */
  readonly #turns = new Turns();
  readonly #stop = new AbortController();
  readonly #groupConnectors: GroupConnectors;
  #isReady = false;

  constructor({ worker, keepsConfigs = false }: HerderOptions) {
    this.#worker = worker;
    this.#client = workerClient(worker, () => {});
    this.offsets = new ConnectorOffsets(this.#client, worker);
    this.#room = new ThreadRoom(
      worker.workerThreadsMax,
      Math.max(LEAST_STARTING, 2 * availableParallelism()),
    );
    this.#groupConnectors = new GroupConnectors({
      connectors: this.#connectors,
      worker,
      inTurn: (name, action) => this.#turns.run(name, action),
      add: (feed, target, share) => this.#add(feed, { file: null, target }, share),
      remove: (name) => this.#connectors.delete(name),
      feedsBeside: (connector) => this.#feedsBeside(connector),
      restart: (name, command) => this.#restartOwn(name, command),
      news: this.#news,
      publish: (event) => this.events.publish(event),
    });
    this.#shared =
      keepsConfigs && isMember(worker)
        ? new SharedWork({ client: this.#client, worker, crew: this.#groupConnectors })
        : null;
    const producer = configProducer(worker, this.#shared === null ? 'configs' : 'targets');
    this.#ownRecords = new OwnConfigRecords(this.#client, worker, producer);
    this.#ownConfigs = keepsConfigs ? new ConfigTopic(this.#ownRecords) : null;
  }

  /** What it knows of its group; null where it has none. */
  get cluster(): ClusterView | null {
    return this.#shared;
  }

  /** Rejects when the worker can be no member of its group, for good. */
  get failed(): Promise<never> {
    return this.#shared?.failed ?? new Promise(() => {});
  }

  get connectors(): ReadonlyMap<string, ManagedConnector> {
    return this.#connectors;
  }

  /** Whether it has begun what it was started with, so that it takes commands. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * Waits for Kafka, prepares the internal topics, then starts every feed that is not to be paused or stopped, and those
   * in the config topic: true; false when `stop` was called first. A feed that is in a file is what that file says. Of the
   * config topic of a group it starts the tasks that the group gives it.
   *
   * @param url where the worker's REST is reached by others of its group
   * @throws HeadraceError what no waiting can mend, such as an internal topic that is not compacted.
   */
  async start(feeds: readonly FeedOutline[], url = ''): Promise<boolean> {
    const { signal } = this.#stop;
    for (const feed of feeds) this.#add(feed, { file: feed.entries.origin.source });
    const inFiles = [...this.#connectors.values()];
    await Promise.all(inFiles.map((connector) => connector.plan()));
    // Those that are opened after the stop nobody would end.
    if (!signal.aborted) for (const connector of inFiles) connector.prepare();
    if (this.#ownConfigs !== null) {
      const restored = await this.#overOutages(() => this.#restore(), signal);
      if (restored === 'stopped') return false;
    }
    const all = [...this.#connectors.values()].filter(({ version }) => version === null);
    await Promise.all(all.map((connector) => connector.settle()));
    const offsets = await this.#overOutages(() => this.#offsetsTopic([...this.#connectors.keys()]), signal);
    if (offsets === 'stopped') return false;
    this.#isReady = true;
    const joined = this.#shared === null ? null : Promise.race([this.#shared.join(url), this.#shared.failed]);
    await Promise.all(all.map((connector) => connector.launch(offsets)));
    await joined;
    return !signal.aborted;
  }

  /**
   * Resolves when every task has come to its end for good, which those that watch a folder never do. A worker that has
   * connectors of the config topic waits for more.
   */
  completed(): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        const all = [...this.#connectors.values()];
        const areDone = all.every(({ state, file }) => state === 'COMPLETED' && file !== null);
        if (all.length > 0 && areDone) resolve();
      };
      this.events.subscribe(check);
      check();
    });
  }

  /** Lets every task commit and close, then resolves; tasks that take longer than the worker allows are ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#connectors.values()].map((connector) => connector.stop()));
    await this.#turns.ended();
    await this.#shared?.stop();
    await this.#lookout.close();
    await this.#ownConfigs?.close();
  }

  /**
   * Has a feed run: a connector that is new, or one that goes on with another configuration from where it was. Resolves
   * when that is kept and its tasks are known.
   *
   * @throws HeadraceError CONFIG_INVALID when it cannot run beside the others, and those of Kafka
   */
  put(feed: FeedOutline, options: PutOptions): Promise<'created' | 'changed' | 'exists'> {
    const { file, target = 'STARTED', mustBeNew = false } = options;
    const { name, raw } = feed.config;
    if (this.#shared !== null && file === null) return this.#putShared(this.#shared, feed, options);
    return this.#turns.run(name, async () => {
      const former = this.#connectors.get(name);
      if (former !== undefined && mustBeNew) return 'exists';
      if (former !== undefined && former.version !== null) throw ofGroup(name, this.#worker);
      new SideBySide(this.#feedsBeside(former)).require(feed);
      if (file === null) await this.#ownConfigs?.keep(name, raw, former === undefined ? target : null);
      if (former !== undefined) await former.renew(feed);
      else {
        const connector = this.#add(feed, options);
        await connector.plan();
        void connector.launch();
      }
      this.#news.changed(name, former === undefined ? 'created' : 'configured');
      if (file === null)
        await this.#ownConfigs?.keepTasks(name, raw, this.#connectors.get(name)?.tasks.length ?? 0);
      return former === undefined ? 'created' : 'changed';
    });
  }

  async #putShared(
    shared: SharedWork,
    feed: FeedOutline,
    { target = 'STARTED', mustBeNew = false }: PutOptions,
  ): Promise<'created' | 'changed' | 'exists'> {
    const { name, raw } = feed.config;
    const outcome = await this.#turns.run(name, async () => {
      const former = this.#connectors.get(name);
      if (former !== undefined && mustBeNew) return 'exists';
      new SideBySide(this.#feedsBeside(former)).require(feed);
      this.#groupConnectors.expect(feed);
      const isStopped = (former?.target ?? target) === 'STOPPED';
      const split = isStopped ? null : (feed.tasks ?? (await taskSplitNow(feed, this.#worker)));
      await shared.configs.keep(name, raw, former === undefined ? target : null, split?.count ?? null);
      return former === undefined ? 'created' : 'changed';
    });
    if (outcome !== 'exists') await shared.settle(name);
    return outcome;
  }

  /** Ends a connector and forgets it; what it delivered stays known under its name. */
  remove(name: string): Promise<void> {
    return this.#turns.run(name, async () => {
      const connector = this.#connectors.get(name);
      if (connector === undefined) return;
      await this.#configsOf(connector)?.forget(name);
      this.#connectors.delete(name);
      this.#news.changed(name, 'deleted');
      this.#later(name, () => connector.stop());
    });
  }

  /** Resolves when that is kept; the connector comes to it after that. */
  setTarget(name: string, target: TargetState): Promise<void> {
    return this.#turns.run(name, async () => {
      const connector = this.#connectors.get(name);
      if (connector === undefined || connector.target === target) return;
      await this.#configsOf(connector)?.keepTarget(name, target);
      connector.aim(target);
      this.#news.changed(name, TOLD[target]);
      this.#later(name, () => connector.apply());
    });
  }

  /** Has every worker of the group set the level of a logger. Resolves when that is on its way. */
  async setLoggerLevels(level: LoggerLevel): Promise<void> {
    await this.#shared?.configs.keepLoggerLevel(level);
  }

  /** Begins tasks of a connector once more, in whichever worker they are. Resolves when that is on its way. */
  async restart(name: string, command: RestartCommand): Promise<void> {
    if (this.#shared !== null && this.#connectors.get(name)?.file === null)
      await this.#shared.configs.keepRestart(name, command);
    else this.#restartOwn(name, command);
  }

  /**
   * Has files tried again that were given up, in whichever worker their tasks are, and begins tasks once more that have
   * failed. Resolves when that is on its way.
   */
  async retry(name: string, files: readonly GivenUpFile[], tasks: readonly number[]): Promise<void> {
    const connector = this.#connectors.get(name);
    if (this.#shared !== null && connector?.file === null)
      await this.#shared.configs.keepRestart(name, { ...NAMED_TASKS, tasks, files });
    else this.#retryOwn(name, files, tasks);
  }

  #retryOwn(name: string, files: readonly GivenUpFile[], tasks: readonly number[]): void {
    this.#connectors.get(name)?.retry(files);
    if (tasks.length > 0) this.#restartOwn(name, { ...NAMED_TASKS, tasks });
  }

  #restartOwn(name: string, { includesTasks, onlyFailed, tasks, files }: RestartCommand): void {
    if (files !== undefined) return this.#retryOwn(name, files, tasks ?? []);
    this.#news.changed(name, 'restarted');
    this.#later(name, async () => {
      const connector = this.#connectors.get(name);
      if (connector?.feed === null) await this.#tryAgain(connector);
      else
        await connector?.restart(({ state, plan }) =>
          tasks === null ? includesTasks && (!onlyFailed || state === 'FAILED') : tasks.includes(plan.taskId),
        );
    });
  }

  /**
   * Does something about a connector that is STOPPED, once its tasks have ended.
   *
   * @returns false, with nothing done, when it is not to be STOPPED
   */
  whileStopped(name: string, action: () => Promise<void>): Promise<boolean> {
    return this.#turns.run(name, async () => {
      if (this.#connectors.get(name)?.target !== 'STOPPED') return false;
      await action();
      return true;
    });
  }

  /** What a connector could not be run for may be mended: a plugin, or another feed. */
  async #tryAgain(connector: ManagedConnector): Promise<void> {
    const { name, raw } = connector.config;
    const [feed] = await storedFeeds(new Map([[name, raw]]), this.#feedsBeside(connector), this.#worker);
    await connector.renew(feed);
    this.#news.ifFailed(connector);
  }

  #configsOf({ file }: ManagedConnector): ConfigTopic | null {
    return this.#shared !== null && file === null ? this.#shared.configs : this.#ownConfigs;
  }

  #feedsBeside(connector: ManagedConnector | undefined): readonly FeedOutline[] {
    return [...this.#connectors.values()].flatMap((other) => (other === connector ? [] : (other.feed ?? [])));
  }

  #later(name: string, action: () => Promise<unknown>): void {
    this.#turns.run(name, action).catch((error) => {
      const message = 'a command could not be carried out';
      const fields = { reason: messageOf(error) };
      this.events.publish({ type: 'log', connector: name, task: 0, level: 'error', message, fields });
    });
  }

  #add(
    feed: FeedOutline | BrokenFeed,
    { file, target = 'STARTED' }: PutOptions,
    share: Share | null = null,
  ): ManagedConnector {
    const worker = this.#worker;
    const publish = (event: RuntimeEvent) => this.events.publish(event);
    const connector = new ManagedConnector({
      feed,
      file,
      target,
      share,
      gracefulMs: worker.taskShutdownGracefulTimeoutMs,
      plan: (feed, share) =>
        Connector.plan({
          feed,
          shared: share === null ? null : this.#sharedRun(feed.config.name, share),
          worker,
          client: this.#client,
          room: this.#room,
          lookout: this.#lookout,
          taps: this.taps,
          publish,
        }),
      launch: (run, signal, offsets) =>
        this.#launch(run, AbortSignal.any([signal, this.#stop.signal]), offsets),
    });
    this.#connectors.set(connector.config.name, connector);
    return connector;
  }

  /** @param known the offset topic, where that was asked for already */
  async #launch(run: Connector, signal: AbortSignal, known?: OffsetsTopic | null): Promise<void> {
    try {
      await this.#overOutages(async () => {
        const offsets = known === undefined ? await this.#offsetsTopic([run.config.name]) : known;
        // Where others may have to act first no connector waits for another.
        if (run.isShared) await run.start(offsets, signal);
        else await this.#takeOvers.run(() => run.start(offsets, signal));
      }, signal);
    } catch (error) {
      await run.fail(error);
    }
  }

  #sharedRun(connector: string, { run, own }: Share): SharedRun {
    const shared = this.#shared as SharedWork;
    return {
      tasks: run.tasks,
      own,
      claim: (signal) => shared.claim(connector, run, signal),
      onFenced: () => shared.onFenced(),
    };
  }

  /** Has the connectors of the config topic that are in no file, and takes note of what all are to be. */
  async #restore(): Promise<void> {
    if (this.#shared !== null) {
      const targets = await this.#shared.read();
      for (const connector of this.#connectors.values())
        if (connector.file !== null) connector.aim(targets.get(connector.config.name) ?? 'STARTED');
      return;
    }
    const { configs, targets } = await this.#ownRecords.takeOver(this.#stop.signal);
    const stored = await storedFeeds(configs, this.#feedsBeside(undefined), this.#worker);
    for (const feed of stored) this.#news.ifFailed(this.#add(feed, { file: null }));
    for (const [name, target] of targets) this.#connectors.get(name)?.aim(target);
  }

  /** null when it is missing, and each of the connectors had its offsets in it. */
  async #offsetsTopic(connectors: readonly string[]): Promise<OffsetsTopic | null> {
    const worker = this.#worker;
    const client = this.#client;
    const { signal } = this.#stop;
    const found = await this.#offsetsFound.answer();
    if (found !== null) return found;
    if (worker.offsetStorageTopicCreation === 'never') return offsetsTopic(client, worker);
    const configs = await configsTopic(client, worker);
    const claims = await readClaims(client, configs.name, signal);
    const isNeeded = connectors.some(
      (name) => claims.of(worker.groupId, name)?.offsetsTopic !== worker.offsetStorageTopic,
    );
    return isNeeded ? offsetsTopic(client, worker) : findOffsetsTopicPatiently(client, worker, signal);
  }

  #overOutages<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | 'stopped'> {
    return overOutages(attempt, {
      signal,
      gracefulMs: this.#worker.taskShutdownGracefulTimeoutMs,
      onWaiting: (reason, retryInMs) => this.events.publish({ type: 'worker.waiting', reason, retryInMs }),
    });
  }
}

function ofGroup(name: string, { groupId }: WorkerConfig): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `name: ${name} is the name of a connector of the group ${groupId}; choose another name, or delete the connector`,
  );
}
