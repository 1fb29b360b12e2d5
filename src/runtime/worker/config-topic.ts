import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { fenceProducer } from '../../kafka/producer/init-producer.ts';
import type { TransactionalProducerOptions } from '../../kafka/producer/transactional-producer.ts';
import { placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readToEnd } from '../../kafka/reader/topic-reader.ts';
import {
  configRecord,
  groupHeaders,
  StoredConnectors,
  type TargetState,
  targetRecord,
  taskRecords,
  tombstones,
} from '../../offsets/stored-connectors.ts';
import { configsTopic } from './internal-topics.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

type Properties = Readonly<Record<string, string>>;
type ConfigRecords = ReturnType<typeof tombstones>;

/**
 * The config topic as a worker keeps its connectors in it. What is written together is one transaction, under an id of
 * the worker's group, so that one that has hung and wakes up writes nothing more.
 */
export class ConfigTopic {
  readonly #client: KafkaClient;
  readonly #worker: WorkerConfig;
  /** The end of the write under way. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: KafkaClient, worker: WorkerConfig) {
    this.#client = client;
    this.#worker = worker;
  }

  /**
   * What is in it, for the worker that writes to it from now on: one that died in the middle of a write holds up nobody.
   *
   * @throws HeadraceError TOPIC_INVALID, and those of Kafka
   */
  async takeOver(signal?: AbortSignal): Promise<StoredConnectors> {
    await fenceProducer(this.#client, { ...this.#producer, signal });
    return this.#read(signal);
  }

  async #read(signal?: AbortSignal): Promise<StoredConnectors> {
    const topic = await configsTopic(this.#client, this.#worker);
    const stored = new StoredConnectors(this.#worker.groupId);
    await readToEnd(this.#client, topic.name, (record) => stored.apply(record), { signal });
    return stored;
  }

  /**
   * @param target of one that is new
   * @throws HeadraceError CONFIG_INVALID when the connector is another group's
   */
  async keep(connector: string, properties: Properties, target: TargetState | null): Promise<void> {
    if (target !== null) requireFree(connector, await this.#read());
    const state = target === null || target === 'STARTED' ? [] : [targetRecord(connector, target)];
    await this.#write([...state, configRecord(connector, properties)]);
  }

  keepTasks(connector: string, properties: Properties, tasks: number): Promise<void> {
    return this.#write(taskRecords(connector, properties, tasks));
  }

  keepTarget(connector: string, target: TargetState): Promise<void> {
    const noTasks = target === 'STOPPED' ? taskRecords(connector, {}, 0) : [];
    return this.#write([...noTasks, targetRecord(connector, target)]);
  }

  forget(connector: string): Promise<void> {
    return this.#write(tombstones(connector));
  }

  get #producer(): TransactionalProducerOptions {
    const transactionalId = `${this.#worker.groupId}-configs`;
    return { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS };
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#turn;
  }

  #write(records: ConfigRecords): Promise<void> {
    const turn = this.#turn.then(() => this.#writeNow(records));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #writeNow(records: ConfigRecords): Promise<void> {
    const topic = await configsTopic(this.#client, this.#worker);
    const headers = groupHeaders(this.#worker.groupId);
    const own = records.map((record) => ({ ...record, headers }));
    await writeInTransaction(this.#client, this.#producer, topic.name, () => placed(own, topic));
  }
}

function requireFree(connector: string, { others }: StoredConnectors): void {
  const group = others.get(connector);
  if (group === undefined) return;
  throw new HeadraceError(
    'CONFIG_INVALID',
    `name: ${connector} is the name of a connector of the group ${group}, which has the same config.storage.topic; ` +
      'choose another name, or give each group.id a config.storage.topic of its own',
  );
}
