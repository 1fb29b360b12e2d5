import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { fenceProducer } from '../../kafka/producer/init-producer.ts';
import type { TransactionalProducerOptions } from '../../kafka/producer/transactional-producer.ts';
import { placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
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
   * What is in it, for the worker that writes to it from now on; nothing while there is no such topic.
   *
   * @throws HeadraceError those of Kafka
   */
  async takeOver(): Promise<ReadonlyMap<string, string>> {
    await fenceProducer(this.#client, this.#producer);
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
    const encoded = records.map(([key, value]) => ({
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    }));
    await writeInTransaction(this.#client, this.#producer, topic.name, () => placed(encoded, topic));
  }

  get #producer(): TransactionalProducerOptions {
    const transactionalId = `${this.#worker.groupId}-statuses`;
    return { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS };
  }
}
