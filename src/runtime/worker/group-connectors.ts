import { isDeepStrictEqual } from 'node:util';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { ConnectorRun, RestartCommand, TargetState } from '../../offsets/stored-connectors.ts';
import type { Crew, StoredConnector, TasksByConnector } from '../cluster/crew.ts';
import { reportOf } from '../events/error-report.ts';
import type { RuntimeEvent } from '../events/events.ts';
import type { ConnectorNews } from './connector-news.ts';
import type { FeedOutline } from './feed.ts';
import type { BrokenFeed, ManagedConnector, Share } from './managed-connector.ts';
import { storedFeeds } from './stored-feeds.ts';

type Properties = Readonly<Record<string, string>>;

/** What is told of a connector that is to be something else. */
export const TOLD = { STARTED: 'resumed', PAUSED: 'paused', STOPPED: 'stopped' } as const;

/** Of a connector that is to have no tasks. */
const NOT_COUNTED: ConnectorRun = { tasks: 0, version: -1 };

export interface GroupConnectorsOptions {
  /** All of the worker. */
  readonly connectors: ReadonlyMap<string, ManagedConnector>;
  readonly worker: WorkerConfig;
  /** Does something to a connector once everything that was asked before is done. */
  readonly inTurn: (name: string, action: () => Promise<void>) => Promise<void>;
  readonly add: (feed: FeedOutline | BrokenFeed, target: TargetState, share: Share) => ManagedConnector;
  readonly remove: (name: string) => void;
  readonly feedsBeside: (connector: ManagedConnector | undefined) => readonly FeedOutline[];
  readonly restart: (name: string, command: RestartCommand) => void;
  readonly news: ConnectorNews;
  readonly publish: (event: RuntimeEvent) => void;
}

/** The connectors of a group as one of its workers has them, which runs some of their tasks. */
export class GroupConnectors implements Crew {
  readonly #options: GroupConnectorsOptions;
  /** Those that run here. */
  #assigned: TasksByConnector = new Map();
  /** Feeds that were checked here before they were written to the topic: what is understood once need not be again. */
  readonly #understood = new Map<string, FeedOutline>();

  constructor(options: GroupConnectorsOptions) {
    this.#options = options;
  }

  /** Takes a feed as it is understood, for when its group's topic says that it is to run. */
  expect(feed: FeedOutline): void {
    this.#understood.set(feed.config.name, feed);
  }

  /** One of the same name that is in a file of this worker gives way: the others of the group know nothing of it. */
  async follow(stored: ReadonlyMap<string, StoredConnector>): Promise<void> {
    const { connectors, worker, inTurn } = this.#options;
    const renewed = new Map<string, Properties>();
    for (const [name, one] of stored)
      if (one.raw !== null && this.#isRenewedBy(name, one)) renewed.set(name, one.raw);
    const beside = [...connectors].flatMap(([name, { feed }]) => (renewed.has(name) ? [] : (feed ?? [])));
    const understood = [...renewed].flatMap(([name, raw]) => this.#takeUnderstood(name, raw) ?? []);
    for (const { config } of understood) renewed.delete(config.name);
    const feeds = [...understood, ...(await storedFeeds(renewed, [...beside, ...understood], worker))];
    const byName = new Map(feeds.map((feed) => ['shown' in feed ? feed.shown.name : feed.config.name, feed]));
    const all = [...stored].map(([name, one]) =>
      inTurn(name, () => this.#followOne(name, one, byName.get(name) ?? null)),
    );
    await Promise.all(all);
  }

  async assign(tasks: TasksByConnector, gracefulMs: number): Promise<void> {
    this.#assigned = tasks;
    const shared = [...this.#options.connectors].filter(([, { version }]) => version !== null);
    await Promise.all(shared.map(([name, connector]) => connector.assign(this.#ownOf(name), gracefulMs)));
  }

  restartOwn({ connector, ...command }: RestartCommand & { readonly connector: string }): void {
    if (this.#options.connectors.has(connector)) this.#options.restart(connector, command);
  }

  async outline(name: string, raw: Properties): Promise<FeedOutline | null> {
    const { connectors, worker, feedsBeside } = this.#options;
    for (const known of [this.#understood.get(name), connectors.get(name)?.feed])
      if (known != null && isDeepStrictEqual(known.config.raw, raw)) return known;
    const [feed] = await storedFeeds(new Map([[name, raw]]), feedsBeside(connectors.get(name)), worker);
    return feed === undefined || 'shown' in feed ? null : feed;
  }

  feedOf(name: string): FeedOutline | null {
    return this.#options.connectors.get(name)?.feed ?? null;
  }

  fail(name: string, error: unknown): void {
    const connector = this.#options.connectors.get(name);
    if (connector === undefined) return;
    connector.fail(error);
    this.#options.news.ifFailed(connector);
  }

  mend(name: string): void {
    this.#options.connectors.get(name)?.mend();
  }

  publish(event: RuntimeEvent): void {
    this.#options.publish(event);
  }

  #takeUnderstood(name: string, raw: Properties): FeedOutline | null {
    const feed = this.#understood.get(name);
    if (feed === undefined || !isDeepStrictEqual(feed.config.raw, raw)) return null;
    this.#understood.delete(name);
    return feed;
  }

  #ownOf(connector: string): ReadonlySet<number> {
    return this.#assigned.get(connector) ?? new Set();
  }

  /** Whether a connector begins anew. One that was not counted yet goes on as it was. */
  #isRenewedBy(name: string, { run, target }: StoredConnector): boolean {
    const connector = this.#options.connectors.get(name);
    if (connector === undefined || connector.file !== null) return run !== null || target === 'STOPPED';
    return run !== null && run.version !== connector.version;
  }

  async #followOne(
    name: string,
    { raw, target, run }: StoredConnector,
    feed: FeedOutline | BrokenFeed | null,
  ): Promise<void> {
    const connector = this.#options.connectors.get(name);
    if (raw === null) return await this.#remove(connector);
    if (connector === undefined || connector.file !== null) {
      if (feed === null) return;
      if (connector?.file != null) await this.#giveWay(connector, connector.file);
      const added = this.#options.add(feed, target, { run: run ?? NOT_COUNTED, own: this.#ownOf(name) });
      this.#options.news.ifFailed(added);
      await added.plan();
      void added.launch();
      return this.#options.news.changed(name, 'created');
    }
    const isAimed = target !== connector.target;
    connector.aim(target);
    if (run !== null && feed !== null) {
      connector.share(run, this.#ownOf(name));
      await (target === 'STARTED' ? connector.renew(feed) : connector.replace(feed));
      this.#options.news.ifFailed(connector);
      this.#options.news.changed(name, isAimed ? TOLD[target] : 'configured');
    } else if (isAimed) {
      await connector.apply();
      this.#options.news.changed(name, TOLD[target]);
    }
  }

  async #giveWay(connector: ManagedConnector, file: string): Promise<void> {
    const { name } = connector.config;
    const error = new HeadraceError(
      'CONFIG_INVALID',
      `name: ${name} is also a connector of the group ${this.#options.worker.groupId}, which runs; the feed in ${file} ` +
        'does not. Give it another name, or delete the connector and start this worker again',
    );
    await connector.stop();
    this.#options.remove(name);
    this.publish({ type: 'connector.failed', connector: name, error: reportOf(error) });
  }

  async #remove(connector: ManagedConnector | undefined): Promise<void> {
    if (connector === undefined || connector.file !== null) return;
    const { name } = connector.config;
    this.#options.remove(name);
    this.#options.news.changed(name, 'deleted');
    await connector.stop();
  }
}
