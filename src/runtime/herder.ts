import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { Connector } from './connector.ts';
import type { RuntimeEvent } from './events.ts';
import { RuntimeEvents } from './events.ts';
import type { Feed } from './feed.ts';
import { offsetsTopic } from './kafka-access.ts';
import { workerClient } from './kafka-client-config.ts';
import { RestartPolicy } from './restart-policy.ts';

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
    for (const { config, entries } of feeds) {
      const publish = (event: RuntimeEvent) => this.events.publish(event);
      this.#connectors.set(config.name, await Connector.plan(config, entries, this.#worker, publish));
    }
    await this.#awaitKafka();
    if (this.#stop.signal.aborted) return false;
    for (const connector of this.#connectors.values()) connector.start();
    return true;
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

  async #awaitKafka(): Promise<void> {
    const { signal } = this.#stop;
    const retries = new RestartPolicy(KAFKA_RETRY);
    const client = workerClient(this.#worker, () => {});
    while (!signal.aborted) {
      try {
        await offsetsTopic(client, this.#worker);
        return;
      } catch (error) {
        if (!(error instanceof HeadraceError) || !error.retriable) throw error;
        const retryInMs = retries.nextDelayMs();
        this.events.publish({ type: 'worker.waiting', reason: messageOf(error), retryInMs });
        await delay(retryInMs, undefined, { signal }).catch(() => {});
      }
    }
  }
}
