import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { fenceProducer } from '../../kafka/producer/init-producer.ts';
import type { TransactionalProducerOptions } from '../../kafka/producer/transactional-producer.ts';
import { placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { followTopic, type TopicTailOptions } from '../../kafka/reader/topic-tail.ts';
import { statusTopic } from './internal-topics.ts';
import { workerClient } from './kafka-client-config.ts';

const TRANSACTION_TIMEOUT_MS = 10_000;

export interface StatusTailOptions extends Pick<TopicTailOptions, 'signal' | 'onAnew'> {
  /** null is a tombstone. */
  readonly onRecord: (key: string, value: string | null) => void;
}

/** The status topic, as a worker writes it: each time in a transaction of its group's, or of its own as one of several. */
export class StatusTopic {
  readonly #client: KafkaClient;
  readonly #worker: WorkerConfig;
  readonly #member: () => string | null;

  /** @param member tells the worker from the others of its group; null where it is alone */
  constructor(worker: WorkerConfig, member: () => string | null = () => null) {
    this.#worker = worker;
    this.#member = member;
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
   * Reads what is in it, and goes on with what comes, until the signal ends that. It is made where it is missing.
   *
   * @throws HeadraceError TOPIC_INVALID, and those of Kafka as it begins
   */
  async follow({ signal, onRecord, onAnew }: StatusTailOptions): Promise<void> {
    const { name } = await statusTopic(this.#client, this.#worker);
    const onEach = ({ key, value }: { readonly key: Buffer | null; readonly value: Buffer | null }) => {
      if (key !== null) onRecord(key.toString(), value === null ? null : value.toString());
    };
    await followTopic(this.#client, name, onEach, { signal, ...(onAnew && { onAnew }) });
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
    const transactionalId = statusWriterId(this.#worker, 'statuses', this.#member());
    return { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS };
  }
}

/** The transactional id of who writes states. @param member one of a group whose workers write at the same time; null: there is one */
export function statusWriterId(
  { groupId }: WorkerConfig,
  what: 'statuses' | 'file-statuses',
  member: string | null,
): string {
  return [groupId, what, ...(member === null ? [] : [member])].join('-');
}
