import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { filesThere, taskSplitNow } from '../plugins/feed-outline.ts';
import type { ConfigTopic } from '../worker/config-topic.ts';
import type { FeedOutline } from '../worker/feed.ts';
import { offsetsTopic } from '../worker/internal-topics.ts';
import { requireSameOffsets } from '../worker/lost-offsets.ts';
import { SeveralAtOnce } from '../worker/several-at-once.ts';
import { claimAndFence } from '../worker/take-over.ts';
import { Turns } from '../worker/turns.ts';
import type { ConfigFollower } from './config-follower.ts';
import type { LeaderRecords } from './leader-records.ts';

const AT_ONCE = 16;
const RETRY_MS = 1_000;

export interface RunKeeperOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly follower: ConfigFollower;
  readonly configs: ConfigTopic;
  readonly records: LeaderRecords;
  /** Understands a feed of the config topic; null when it cannot be understood. */
  readonly outline: (connector: string, raw: Readonly<Record<string, string>>) => Promise<FeedOutline | null>;
  /** Told why a connector cannot be run by anybody. */
  readonly onFault: (connector: string, error: unknown) => void;
  /** Told that it can be run. */
  readonly onSettled: (connector: string) => void;
  /** Told of what is tried again. */
  readonly onWaiting: (connector: string, reason: string) => void;
}

/**
 * What the leader of a group does for each connector before its workers run tasks of it: counts them, and takes the
 * connector over from whoever ran it before, for this run of it.
 */
export class RunKeeper {
  readonly #options: RunKeeperOptions;
  readonly #limit = new SeveralAtOnce(AT_ONCE);
  /** By connector. */
  readonly #turns = new Turns();

  constructor(options: RunKeeperOptions) {
    this.#options = options;
  }

  /** Resolves when there is nothing left to do for a connector, or `signal` has ended it: this worker leads no more. */
  settle(connector: string, signal: AbortSignal): Promise<void> {
    return this.#turns.run(connector, () => this.#settle(connector, signal));
  }

  async #settle(connector: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#limit.run(() => this.#settleOnce(connector, signal));
        return this.#options.onSettled(connector);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof HeadraceError && error.code === 'NOT_LEADER') return;
        if (!(error instanceof HeadraceError && error.retriable))
          return this.#options.onFault(connector, error);
        this.#options.onWaiting(connector, messageOf(error));
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
        await this.#options.follower.sync(signal).catch(() => {});
      }
    }
  }

  async #settleOnce(connector: string, signal: AbortSignal): Promise<void> {
    const { follower } = this.#options;
    const raw = follower.stored.configs.get(connector);
    const isStopped = follower.stored.targets.get(connector) === 'STOPPED';
    if (raw === undefined || isStopped || !this.#hasWork(connector)) return;
    const feed = await this.#options.outline(connector, raw);
    if (!this.#isCounted(connector)) await this.#count(connector, raw, feed);
    if (feed?.config.exactlyOnce) await this.#takeOver(feed, signal);
  }

  #hasWork(connector: string): boolean {
    const run = this.#options.follower.stored.runs.get(connector);
    return (
      !this.#isCounted(connector) || this.#options.follower.claimFor(connector, run?.version ?? -1) === null
    );
  }

  /** One that was stopped has no tasks until it is counted anew. */
  #isCounted(connector: string): boolean {
    const { stored } = this.#options.follower;
    return stored.isCounted(connector) && stored.runs.get(connector)?.tasks !== 0;
  }

  async #count(
    connector: string,
    raw: Readonly<Record<string, string>>,
    feed: FeedOutline | null,
  ): Promise<void> {
    const { configs, worker } = this.#options;
    const split = feed === null ? null : (feed.tasks ?? (await taskSplitNow(feed, worker)));
    await configs.keepTasks(connector, raw, split?.count ?? 0);
  }

  async #takeOver({ config, entries }: FeedOutline, signal: AbortSignal): Promise<void> {
    const { client, worker, follower, records } = this.#options;
    const { name: connector } = config;
    const run = follower.stored.runs.get(connector);
    if (run === undefined || run.tasks === 0 || follower.claimFor(connector, run.version) !== null) return;
    const offsets = await offsetsTopic(client, worker);
    const counted = { name: connector, filesThere: () => filesThere(entries, worker) };
    await claimAndFence(
      client,
      {
        ...{ worker, connector, offsets, signal },
        tasks: run.tasks,
        run: run.version,
        judge: async (former) => {
          if (former !== null) await requireSameOffsets(worker, counted, former, offsets);
        },
      },
      { claim: randomUUID(), claims: follower.claims },
      (claim) => records.write(claim),
    );
  }
}
