import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { placed, sendRecords } from '../../kafka/producer/write-record.ts';
import type { ConfigRecord, StoredConnectors } from '../../offsets/stored-connectors.ts';
import type { TopicInfo } from '../../sink/topic-directory.ts';
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
  #open: Promise<Open> | null = null;
  #leads = false;
  readonly #writes = new SeveralAtOnce(1);
  #waiting: Waiting[] = [];

  constructor(options: LeaderRecordsOptions) {
    this.#options = options;
  }

  /** Shuts out who wrote before; then everything that one wrote can be read. @throws HeadraceError those of Kafka */
  async lead(): Promise<void> {
    this.#leads = true;
    await this.#writes.run(() => this.#opened());
  }

  /** What is being written is still ended: others wait for a transaction that is left open. */
  follow(): void {
    this.#leads = false;
    void this.#writes.run(() => this.#drop());
  }

  /** What is known here, once that is everything that was written before. */
  async read(signal?: AbortSignal): Promise<StoredConnectors> {
    await this.#options.follower.sync(signal);
    return this.#options.follower.stored;
  }

  /**
   * Resolves when this worker knows it by its own reading. What comes while something else is written is written together, in
   * its order.
   *
   * @throws HeadraceError NOT_LEADER, and those of Kafka
   */
  write(records: readonly ConfigRecord[]): Promise<void> {
    const { promise: written, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ records, resolve, reject });
    void this.#writes.run(() => this.#writeWaiting());
    return written;
  }

  async close(): Promise<void> {
    await this.#writes.run(() => this.#drop());
  }

  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      if (waiting.length > 0) await this.#writeNow(waiting.flatMap(({ records }) => records));
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      // What Kafka will not take of one it takes of the others.
      const isOnes = waiting.length > 1 && !(error instanceof HeadraceError && error.retriable);
      for (const { records, resolve, reject } of waiting)
        await (isOnes ? this.#writeNow(records) : Promise.reject(error)).then(resolve, reject);
    }
  }

  async #writeNow(records: readonly ConfigRecord[]): Promise<void> {
    const { worker, follower } = this.#options;
    try {
      const { producer, topic } = await this.#opened();
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

  async #opened(): Promise<Open> {
    if (!this.#mayWrite) throw notLeading();
    this.#open ??= this.#begin();
    const opening = this.#open;
    try {
      return await opening;
    } catch (error) {
      if (this.#open === opening) this.#open = null;
      throw error;
    }
  }

  async #begin(): Promise<Open> {
    const { client, worker } = this.#options;
    const topic = await configsTopic(client, worker);
    return { topic, producer: await TransactionalProducer.start(client, configProducer(worker)) };
  }

  async #drop(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await (await open?.catch(() => null))?.producer.close();
  }
}

interface Open {
  readonly topic: TopicInfo;
  readonly producer: TransactionalProducer;
}

interface Waiting {
  readonly records: readonly ConfigRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function notLeading(): HeadraceError {
  return new HeadraceError(
    'NOT_LEADER',
    'this worker does not lead its group, or not any more; ask the leader, or again in a moment',
  );
}
