import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readClaims } from '../../offsets/connector-claims.ts';
import type { RuntimeEvent } from '../events/events.ts';
import { RuntimeEvents } from '../events/events.ts';
import { Connector } from './connector.ts';
import type { Feed } from './feed.ts';
import {
  configsTopic,
  findOffsetsTopic,
  findOffsetsTopicPatiently,
  type OffsetsTopic,
  offsetsTopic,
} from './internal-topics.ts';
import { workerClient } from './kafka-client-config.ts';
import { RestartPolicy } from './restart-policy.ts';
import { withinGrace } from './within-grace.ts';

const KAFKA_RETRY = { initialMs: 500, maxMs: 15_000 };

/** Looks after the connectors of a worker: starts them, keeps their state, stops them. Lives in the main thread. */
export class Herder {
  readonly events = new RuntimeEvents();
  readonly #worker: WorkerConfig;
  readonly #connectors = new Map<string, Connector>();
  readonly #stop = new AbortController();

  constructor(worker: WorkerConfig) {
    this.#worker = worker;
  }

  get connectors(): ReadonlyMap<string, Connector> {
    return this.#connectors;
  }

  /**
   * Waits for Kafka, prepares the internal topics, then starts every feed: true; false when `stop` was called first.
   *
   * @throws HeadraceError what no waiting can mend, such as an internal topic that is not compacted.
   */
  async start(feeds: readonly Feed[]): Promise<boolean> {
    const worker = this.#worker;
    const client = workerClient(worker, () => {});
    const publish = (event: RuntimeEvent) => this.events.publish(event);
    for (const { config, entries: feed } of feeds) {
      this.#connectors.set(config.name, await Connector.plan({ config, feed, worker, client, publish }));
    }
    const { signal } = this.#stop;
    // Those that are opened after the stop nobody would end.
    if (!signal.aborted) for (const connector of this.#connectors.values()) connector.prepare();
    const offsets = await this.#overOutages(() => this.#offsetsTopic(client));
    if (offsets === 'stopped') return false;
    const starts = [...this.#connectors.values()].map((connector) =>
      this.#overOutages(() => connector.start(offsets, signal)).catch((error) => connector.fail(error)),
    );
    await Promise.all(starts);
    return !signal.aborted;
  }

  /** Resolves when every task has come to its end for good, which those that watch a folder never do. */
  completed(): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        const tasks = [...this.#connectors.values()].flatMap((connector) => connector.tasks);
        if (tasks.every(({ state }) => state === 'COMPLETED')) resolve();
      };
      this.events.subscribe(check);
      check();
    });
  }

  /** Lets every task commit and close, then resolves; tasks that take longer than the worker allows are ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const gracefulMs = this.#worker.taskShutdownGracefulTimeoutMs;
    await Promise.all([...this.#connectors.values()].map((connector) => connector.stop(gracefulMs)));
  }

  /** null when it is missing, and each of the connectors had its offsets in it. */
  async #offsetsTopic(client: KafkaClient): Promise<OffsetsTopic | null> {
    const worker = this.#worker;
    const { signal } = this.#stop;
    const found = await findOffsetsTopic(client, worker);
    if (found !== null || worker.offsetStorageTopicCreation === 'never') return offsetsTopic(client, worker);
    const configs = await configsTopic(client, worker);
    const claims = await readClaims(client, configs.name, signal);
    const isNeeded = [...this.#connectors.keys()].some(
      (name) => claims.of(worker.groupId, name)?.offsetsTopic !== worker.offsetStorageTopic,
    );
    return isNeeded ? offsetsTopic(client, worker) : findOffsetsTopicPatiently(client, worker, signal);
  }

  /** Tries again while Kafka is away; other errors are thrown. */
  async #overOutages<T>(attempt: () => Promise<T>): Promise<T | 'stopped'> {
    const { signal } = this.#stop;
    const gracefulMs = this.#worker.taskShutdownGracefulTimeoutMs;
    const retries = new RestartPolicy(KAFKA_RETRY);
    while (!signal.aborted) {
      try {
        return await withinGrace(attempt(), signal, gracefulMs);
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof HeadraceError) || !error.retriable) throw error;
        const retryInMs = retries.nextDelayMs();
        this.events.publish({ type: 'worker.waiting', reason: messageOf(error), retryInMs });
        await delay(retryInMs, undefined, { signal }).catch(() => {});
      }
    }
    return 'stopped';
  }
}
