import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { fenceProducer } from '../../kafka/producer/init-producer.ts';
import type { TransactionalProducerOptions } from '../../kafka/producer/transactional-producer.ts';
import { placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readToEnd } from '../../kafka/reader/topic-reader.ts';
import { type LoggerLevel, loggerLevelRecord } from '../../offsets/logger-level.ts';
import {
  type ConfigRecord,
  configRecord,
  groupHeaders,
  type RestartCommand,
  restartRecord,
  StoredConnectors,
  type TargetState,
  targetRecord,
  taskRecords,
  tombstones,
} from '../../offsets/stored-connectors.ts';
import { configsTopic } from './internal-topics.ts';
import { SeveralAtOnce } from './several-at-once.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

type Properties = Readonly<Record<string, string>>;

/** How the config topic is read and written. */
export interface ConfigRecords {
  /** What is in it. */
  read(signal?: AbortSignal): Promise<StoredConnectors>;
  /** Writes records in one transaction. */
  write(records: readonly ConfigRecord[]): Promise<void>;
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>;
}

/** The connectors of the config topic, as whoever may write to it changes them. */
export class ConfigTopic {
  readonly #records: ConfigRecords;

  constructor(records: ConfigRecords) {
    this.#records = records;
  }

  /**
   * @param target of one that is new
   * @param tasks how many it has, where that is known already
   * @throws HeadraceError CONFIG_INVALID when the connector is another group's
   */
  async keep(
    connector: string,
    properties: Properties,
    target: TargetState | null,
    tasks: number | null = null,
  ): Promise<void> {
    if (target !== null) requireFree(connector, await this.#records.read());
    const state = target === null || target === 'STARTED' ? [] : [targetRecord(connector, target)];
    const counted = tasks === null ? [] : taskRecords(connector, properties, tasks);
    await this.#records.write([...state, configRecord(connector, properties), ...counted]);
  }

  keepTasks(connector: string, properties: Properties, tasks: number): Promise<void> {
    return this.#records.write(taskRecords(connector, properties, tasks));
  }

  keepTarget(connector: string, target: TargetState): Promise<void> {
    const noTasks = target === 'STOPPED' ? taskRecords(connector, {}, 0) : [];
    return this.#records.write([...noTasks, targetRecord(connector, target)]);
  }

  /** Has every worker of the group begin tasks of a connector once more. */
  keepRestart(connector: string, command: RestartCommand): Promise<void> {
    return this.#records.write([restartRecord(connector, command)]);
  }

  /** Has every worker of the group set the level of a logger. */
  keepLoggerLevel(level: LoggerLevel): Promise<void> {
    return this.#records.write([loggerLevelRecord(level)]);
  }

  forget(connector: string): Promise<void> {
    return this.#records.write(tombstones(connector));
  }

  /** Resolves when nothing is being written any more. */
  close(): Promise<void> {
    return this.#records.close();
  }
}

/** The producer of those who write to the config topic for a group: all of it, or target states of feeds in files alone. */
export function configProducer(
  { groupId }: WorkerConfig,
  what: 'configs' | 'targets' = 'configs',
): TransactionalProducerOptions {
  return { transactionalId: `${groupId}-${what}`, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS };
}

/**
 * The config topic of a worker that has it for itself: each write takes over the id of the worker's group anew, so that
 * one that died holds up nobody.
 */
export class OwnConfigRecords implements ConfigRecords {
  readonly #client: KafkaClient;
  readonly #worker: WorkerConfig;
  readonly #producer: TransactionalProducerOptions;
  readonly #writes = new SeveralAtOnce(1);

  constructor(
    client: KafkaClient,
    worker: WorkerConfig,
    producer: TransactionalProducerOptions = configProducer(worker),
  ) {
    this.#client = client;
    this.#worker = worker;
    this.#producer = producer;
  }

  /**
   * What is in it, for the worker that writes to it from now on: one that died in the middle of a write holds up nobody.
   *
   * @throws HeadraceError TOPIC_INVALID, and those of Kafka
   */
  async takeOver(signal?: AbortSignal): Promise<StoredConnectors> {
    await fenceProducer(this.#client, { ...this.#producer, signal });
    return this.read(signal);
  }

  async read(signal?: AbortSignal): Promise<StoredConnectors> {
    const topic = await configsTopic(this.#client, this.#worker);
    const stored = new StoredConnectors(this.#worker.groupId);
    await readToEnd(this.#client, topic.name, (record) => stored.apply(record), { signal });
    return stored;
  }

  write(records: readonly ConfigRecord[]): Promise<void> {
    return this.#writes.run(() => this.#writeNow(records));
  }

  async close(): Promise<void> {
    await this.#writes.run(async () => {});
  }

  async #writeNow(records: readonly ConfigRecord[]): Promise<void> {
    const topic = await configsTopic(this.#client, this.#worker);
    const own = ofGroup(records, this.#worker);
    await writeInTransaction(this.#client, this.#producer, topic.name, () => placed(own, topic));
  }
}

/** Records that say whose they are. */
export function ofGroup(records: readonly ConfigRecord[], { groupId }: WorkerConfig) {
  const headers = groupHeaders(groupId);
  return records.map((record) => ({ ...record, headers }));
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
