import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { placed, sendRecords } from '../../kafka/producer/write-record.ts';
import type { ConfigRecord, StoredConnectors } from '../../offsets/stored-connectors.ts';
import { type ConfigRecords, configProducer, ofGroup } from '../worker/config-topic.ts';
import { configsTopic } from '../worker/internal-topics.ts';
import { SeveralAtOnce } from '../worker/several-at-once.ts';
import type { ConfigFollower } from './config-follower.ts';

export interface LeaderRecordsOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly follower: ConfigFollower;
  /** Whether it leads still, by its own clock: a process that was suspended would shut out who leads by now. */
  readonly isSure: () => boolean;
  /** Told that another has begun to write: that one leads, as far as Kafka knows. */
  readonly onFenced: () => void;
}

/**
 * The config topic as the leader of a group writes it: with one producer for as long as it leads, so that one that leads no
 * more and does not know it yet writes nothing.
 */
export class LeaderRecords implements ConfigRecords {
  readonly #options: LeaderRecordsOptions;
  #producer: Promise<TransactionalProducer> | null = null;
  #leads = false;
  readonly #writes = new SeveralAtOnce(1);

  constructor(options: LeaderRecordsOptions) {
    this.#options = options;
  }

  /** Shuts out who wrote before; then everything that one wrote can be read. @throws HeadraceError those of Kafka */
  async lead(): Promise<void> {
    this.#leads = true;
    await this.#open();
  }

  async follow(): Promise<void> {
    this.#leads = false;
    await this.#drop();
  }

  /** What is known here, once that is everything that was written before. */
  async read(signal?: AbortSignal): Promise<StoredConnectors> {
    await this.#options.follower.sync(signal);
    return this.#options.follower.stored;
  }

  /** Resolves when this worker knows it by its own reading. @throws HeadraceError NOT_LEADER, and those of Kafka */
  write(records: readonly ConfigRecord[]): Promise<void> {
    return this.#writes.run(() => this.#writeNow(records));
  }

  async close(): Promise<void> {
    await this.#writes.run(async () => {});
    await this.#drop();
  }

  async #writeNow(records: readonly ConfigRecord[]): Promise<void> {
    const { client, worker, follower } = this.#options;
    try {
      const topic = await configsTopic(client, worker);
      const producer = await this.#open();
      if (!this.#mayWrite) throw notLeading();
      producer.begin();
      await sendRecords(producer, topic.name, placed(ofGroup(records, worker), topic));
      await producer.commit();
    } catch (error) {
      await this.#drop();
      if (error instanceof HeadraceError && error.code === 'KAFKA_FENCED') {
        this.#leads = false;
        this.#options.onFenced();
        throw notLeading();
      }
      throw error;
    }
    await follower.sync();
  }

  get #mayWrite(): boolean {
    return this.#leads && this.#options.isSure();
  }

  async #open(): Promise<TransactionalProducer> {
    if (!this.#mayWrite) throw notLeading();
    const { client, worker } = this.#options;
    this.#producer ??= TransactionalProducer.start(client, configProducer(worker));
    const starting = this.#producer;
    try {
      return await starting;
    } catch (error) {
      if (this.#producer === starting) this.#producer = null;
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await (await producer?.catch(() => null))?.close();
  }
}

function notLeading(): HeadraceError {
  return new HeadraceError(
    'NOT_LEADER',
    'this worker does not lead its group, or not any more; ask the leader, or again in a moment',
  );
}
