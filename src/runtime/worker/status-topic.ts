import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { statusTopic } from './internal-topics.ts';
import { workerClient } from './kafka-client-config.ts';

const TRANSACTION_TIMEOUT_MS = 10_000;

/** The status topic, as a worker writes it: each time in a transaction of its group. */
export class StatusTopic {
  readonly #client: KafkaClient;
  readonly #worker: WorkerConfig;

  constructor(worker: WorkerConfig) {
    this.#worker = worker;
    this.#client = workerClient(worker, () => {});
  }

  /**
   * What is in it now; nothing while there is no such topic.
   *
   * @throws HeadraceError those of Kafka
   */
  async read(): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    await readCommitted(this.#client, this.#worker.statusStorageTopic, ({ key, value }) => {
      if (key === null) return;
      if (value === null) values.delete(key.toString());
      else values.set(key.toString(), value.toString());
    });
    return values;
  }

  /**
   * Writes values by key; null makes a tombstone.
   *
   * @throws HeadraceError TOPIC_INVALID, and those of Kafka
   */
  async write(records: readonly (readonly [key: string, value: string | null])[]): Promise<void> {
    const topic = await statusTopic(this.#client, this.#worker);
    const transactionalId = `${this.#worker.groupId}-statuses`;
    const options = { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS };
    const encoded = records.map(([key, value]) => ({
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    }));
    await writeInTransaction(this.#client, options, topic, encoded);
  }
}
