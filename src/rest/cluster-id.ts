import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../config/worker-config.ts';
import { clusterId } from '../kafka/cluster/brokers.ts';
import { workerClient } from '../runtime/worker/kafka-client-config.ts';

/** Who asks a worker for its version is not kept waiting for a Kafka that is slow. */
const PATIENCE_MS = 2000;

/** The id of the Kafka cluster of a worker, asked for until it is known once. */
export class ClusterId {
  readonly #worker: WorkerConfig;
  #id: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(worker: WorkerConfig) {
    this.#worker = worker;
  }

  /** Null when Kafka does not answer, or not soon enough. */
  async get(): Promise<string | null> {
    if (this.#id === null) {
      this.#asking ??= this.#ask();
      await Promise.race([this.#asking, delay(PATIENCE_MS, undefined, { ref: false })]);
    }
    return this.#id;
  }

  async #ask(): Promise<void> {
    try {
      this.#id = await clusterId(workerClient(this.#worker, () => {}));
    } catch {
      // The runtime tells of a Kafka that does not answer; here the id is only not known yet.
    } finally {
      this.#asking = null;
    }
  }
}
