import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { Connector } from './connector.ts';
import type { RuntimeEvent } from './events.ts';
import { RuntimeEvents } from './events.ts';
import type { Feed } from './feed.ts';
import { offsetsTopic } from './kafka-access.ts';
import { RestartPolicy } from './restart-policy.ts';
import { workerClient } from './worker-client.ts';

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
   * Waits for Kafka, prepares the internal topics, then starts every feed. Resolves when all are started, or when
   * `stop` was called before.
   *
   * @throws HeadraceError what no waiting can mend, such as an internal topic that is not compacted.
   */
  async start(feeds: readonly Feed[]): Promise<void> {
    for (const { config, entries } of feeds) {
      const publish = (event: RuntimeEvent) => this.events.publish(event);
      this.#connectors.set(config.name, await Connector.plan(config, entries, this.#worker, publish));
    }
    await this.#awaitKafka();
    if (this.#stop.signal.aborted) return;
    for (const connector of this.#connectors.values()) connector.start();
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
