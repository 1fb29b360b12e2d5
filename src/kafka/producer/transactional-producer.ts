import { uptime } from 'node:os';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { gravest, ProtocolFailure } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { partitionKey, type TopicPartition } from '../protocol/api.ts';
import type { ProduceResponse } from '../protocol/produce.ts';
import type { ProducerIdentity } from '../protocol/transactions.ts';
import { type CompressionCodec, prepareCodec } from '../records/compression.ts';
import type { RecordBatchBuilder } from '../records/record-batch.ts';
import { CoordinatedTransaction } from './coordinated-transaction.ts';
import { initProducer, START_TIMEOUT_MS } from './init-producer.ts';
import { isFenced, lateError, wasEnded } from './late-transaction.ts';
import { produceBatches } from './produce-batches.ts';
import { type SealedBatch, type SendResult, verifyProduced } from './produce-check.ts';
import { ProducerFigures } from './producer-figures.ts';
import { type ProducerState, ProducerStateMachine } from './producer-states.ts';
import { isNotTaken, RecordsRefused, type RefusedBatch, refusedIn } from './refused-batch.ts';
import { SendPace } from './send-pace.ts';
import { SequenceNumbers } from './sequence-numbers.ts';
import { OLD_PROTOCOL, produceApi, type TransactionProtocol } from './transaction-protocol.ts';

/** The broker remembers this many batches of a producer in each partition; no more may wait for their answers. */
const MAX_SENDS_IN_FLIGHT = 5;

export interface TransactionalProducerOptions {
  /** Null: idempotent, without transactions (`exactly.once.support: disabled`). */
  readonly transactionalId: string | null;
  /** After this long the broker aborts an open transaction by itself, in milliseconds. */
  readonly transactionTimeoutMs: number;
  readonly compression?: CompressionCodec;
  /**
   * How long `start` waits for the coordinator and for the end of a predecessor's transaction, in milliseconds.
   * Default 60,000.
   */
  readonly startTimeoutMs?: number;
  /** Ends the waiting of `start`. */
  readonly signal?: AbortSignal;
  /** Told of what it does; several producers may share one. */
  readonly figures?: ProducerFigures;
}

/** A batch as it was sent, and its bytes before compression. */
interface SizedBatch extends SealedBatch {
  readonly size: number;
}

/** A batch for one partition. */
export interface OutgoingBatch extends TopicPartition {
  readonly batch: RecordBatchBuilder;
  /** What each record is of, for the sender alone: given back with those that a broker refuses. */
  readonly origins?: readonly unknown[];
}

/**
 * A producer whose transactions hold rows, dead letters and source offsets together.
 *
 * It repeats nothing. Any error of a send, a commit or an abort makes it useless: every later call throws that first
 * error. The caller closes it and starts another one, which fences it, and reads from the log what became of the
 * transaction. The one thing waited out is CONCURRENT_TRANSACTIONS, where a partition is added or its first batch adds it,
 * which says that the commit before is still being written and that nothing was done.
 *
 * Records that a broker refuses for what is in them (their time, a missing key) are gathered to the end of their
 * transaction, which then fails with all of them at once, as RecordsRefused.
 */
export class TransactionalProducer {
  /** How much to send at a time. */
  readonly pace = new SendPace();
  readonly #connection: KafkaConnection;
  readonly #options: TransactionalProducerOptions;
  /** Of one without transactions, which keeps it. */
  readonly #identity: ProducerIdentity;
  readonly #transaction: CoordinatedTransaction | undefined;
  readonly #figures: ProducerFigures;
  readonly #machine = new ProducerStateMachine();
  readonly #sequences = new SequenceNumbers();
  /** Sends that are not settled, as promises that never reject. */
  readonly #unsettled = new Set<Promise<unknown>>();
  /** Those of them that are written and wait for the brokers' answers. */
  readonly #unanswered = new Set<Promise<unknown>>();
  /** Settles when the last send has been written, and the next may follow. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What the brokers did not take in the transaction that is open; it cannot be committed any more. */
  readonly #refused: RefusedBatch[] = [];
  /** By the machine's uptime: a clock that goes on while the machine sleeps, and that nobody sets. */
  #begunAtMs = 0;
  /** Transactions that were begun. */
  #count = 0;
  /** Whatever has failed did so by a broker's answer that leaves the transaction open. */
  #isLeftOpen = true;
  /** Fenced, by a transaction that was open for longer than its timeout. */
  #isLate = false;

  private constructor(
    connection: KafkaConnection,
    options: TransactionalProducerOptions,
    identity: ProducerIdentity,
    transaction: CoordinatedTransaction | undefined,
    figures: ProducerFigures,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#identity = identity;
    this.#transaction = transaction;
    this.#figures = figures;
  }

  /**
   * Connects, and fences all producers that came before under the same transactional id; a transaction that one of
   * them left open is aborted. Throws KAFKA_UNAVAILABLE, KAFKA_DENIED, CONFIG_INVALID when the library of
   * the compression cannot be loaded, or the signal's reason.
   */
  static async start(
    client: KafkaClient,
    options: TransactionalProducerOptions,
  ): Promise<TransactionalProducer> {
    options.signal?.throwIfAborted();
    prepareCodec(options.compression ?? 'none');
    const { figures = new ProducerFigures() } = options;
    try {
      const producer = await TransactionalProducer.#connect(client, options, figures);
      figures.initialised();
      return producer;
    } catch (error) {
      if (options.signal?.aborted !== true) figures.notInitialised(error);
      throw error;
    }
  }

  static async #connect(
    client: KafkaClient,
    options: TransactionalProducerOptions,
    figures: ProducerFigures,
  ): Promise<TransactionalProducer> {
    const connection = await client.connect();
    try {
      const start = await initProducer(
        connection,
        { startTimeoutMs: START_TIMEOUT_MS, ...options, figures },
        client.log,
      );
      const { transactionalId } = options;
      const transaction =
        transactionalId === null
          ? undefined
          : await CoordinatedTransaction.of(connection, start, transactionalId, figures);
      return new TransactionalProducer(connection, options, start.identity, transaction, figures);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get state(): ProducerState {
    return this.#machine.state;
  }

  /** False for a producer that is idempotent without transactions. */
  get isTransactional(): boolean {
    return this.#transaction !== undefined;
  }

  /**
   * A name of the transaction that was begun last, which no other one of the cluster has: the producer's id and epoch, as Kafka's own tools
   * show them, and its number among those of this producer.
   */
  get transaction(): string {
    const { producerId, producerEpoch } = this.#transaction?.identity ?? this.#identity;
    return `${producerId}-${producerEpoch}-${this.#count}`;
  }

  /** Which requests its transactions are made of; `old` as well without transactions. */
  get protocol(): TransactionProtocol['name'] {
    return this.#protocol.name;
  }

  get #protocol(): TransactionProtocol {
    return this.#transaction?.protocol ?? OLD_PROTOCOL;
  }

  /** Topics are not as they were: their leaders are asked for anew. */
  forgetTopics(): void {
    this.#connection.forgetAll();
  }

  /** Opens a transaction. The broker hears of it with the first batch, so an empty one costs nothing. */
  begin(): void {
    this.#machine.move('IN_TRANSACTION');
    this.#count++;
    this.#begunAtMs = uptime() * 1000;
  }

  /**
   * Sends batches, at most one for each partition, in the order of the calls; empty ones are passed over. Several
   * sends may be under way at once. The builders must not be touched until the promise is settled, and never again
   * when it was rejected. Resolves with what the brokers acknowledged: without the batches that they refused for what
   * is in them, and those behind them.
   */
  send(batches: Iterable<OutgoingBatch>): Promise<readonly SendResult[]> {
    this.#machine.require('IN_TRANSACTION');
    const sealed = this.#seal(batches);
    if (sealed.length === 0) return Promise.resolve([]);
    const written = this.#turn.then(() => this.#write(sealed));
    this.#turn = written.catch(() => {});
    const settled = written.then(({ answered }) => answered);
    track(this.#unsettled, settled);
    return settled;
  }

  /** Waits for all sends, then commits, once. When it throws, only the log knows whether the commit was done. */
  async commit(): Promise<void> {
    this.#machine.move('COMMITTING');
    await this.#end(true);
  }

  /** Waits for all sends, then aborts, once. Without a transactional id nothing is undone. */
  async abort(): Promise<void> {
    this.#machine.move('ABORTING');
    await this.#end(false);
  }

  /**
   * Of a producer that failed with KAFKA_FENCED: whether the brokers only ended its transaction, as it was open for too
   * long (the process was stopped, or the machine asleep), and no other producer has taken over. False as well where
   * that cannot be told: before Apache Kafka 3.0.
   */
  async wasOnlyLate(): Promise<boolean> {
    return this.#isLate && this.#transaction !== undefined && (await this.#transaction.wasOnlyEnded());
  }

  /**
   * Ends the connections. A transaction that failed by a broker's answer is aborted first, so that no reader waits until it times
   * out. One that has requests without an answer stays open, until the next producer or its timeout: they may still come.
   */
  async close(): Promise<void> {
    const isAbortable = this.state === 'FAILED' && this.#isLeftOpen && this.#unsettled.size === 0;
    if (!this.#machine.close()) return;
    if (isAbortable) await this.#transaction?.end(false).catch(() => {});
    await this.#connection.close();
  }

  /** Gives each batch its place in its partition's sequence, in the order of the calls to `send`. */
  #seal(batches: Iterable<OutgoingBatch>): SizedBatch[] {
    const { transactionalId, compression = 'none' } = this.#options;
    const identity = this.#transaction?.identity ?? this.#identity;
    const filled = [...batches].filter(({ batch }) => batch.count > 0);
    const targets = new Set(filled.map(partitionKey));
    if (targets.size < filled.length) throw new Error('A send holds two batches for one partition');
    return filled.map(({ topic, partition, batch, origins }) => {
      const { count, estimatedSize: size } = batch;
      const baseSequence = this.#sequences.take(topic, partition, count);
      const transactional = transactionalId !== null;
      const bytes = batch.seal({ ...identity, baseSequence, transactional, compression });
      return { topic, partition, bytes, count, size, origins };
    });
  }

  /** Writes one request to each leader, then returns: the answers are waited for outside of the turn. */
  async #write(sealed: readonly SizedBatch[]): Promise<{ answered: Promise<readonly SendResult[]> }> {
    try {
      while (this.#unanswered.size >= MAX_SENDS_IN_FLIGHT) await Promise.race(this.#unanswered);
      this.#machine.check();
      await this.#transaction?.add(sealed);
      const leaders: BrokerLink[] = [];
      for (const batch of sealed) leaders.push(await this.#connection.leaderOf(batch));
      this.#machine.check();
      const requests = Map.groupBy(sealed.keys(), (index) => leaders[index] as BrokerLink);
      const answers = [...requests].map(([leader, indices]) =>
        this.#produce(
          leader,
          indices.map((index) => sealed[index] as SizedBatch),
        ),
      );
      const answered = this.#collect(answers);
      this.#transaction?.written(sealed, track(this.#unanswered, answered));
      return { answered };
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Writes one Produce request before it returns. */
  async #produce(leader: BrokerLink, batches: readonly SizedBatch[]): Promise<SendResult[]> {
    const timeoutMs = this.#connection.requestTimeoutMs;
    const request = { transactionalId: this.#options.transactionalId, timeoutMs, batches };
    const api = produceApi(this.#protocol, leader);
    const writtenAt = performance.now();
    const answer = await produceBatches(this.#connection, leader, api, request, this.#figures);
    const topics = new Set(batches.map(({ topic }) => topic));
    this.#figures.answered(topics, (performance.now() - writtenAt) / 1000);
    const bytes = batches.reduce((sum, { size }) => sum + size, 0);
    this.pace.acknowledged(bytes, answer.throttleMs);
    return verifyProduced(this.#withoutRefused(batches, answer), answer);
  }

  /** Sets aside the batches that were refused for their records, and leaves out those that could not follow them. */
  #withoutRefused(batches: readonly SealedBatch[], answer: ProduceResponse): readonly SealedBatch[] {
    this.#refused.push(...refusedIn(batches, answer));
    if (this.#refused.length === 0) return batches;
    // Without transactions each further batch that is written would come twice.
    if (!this.isTransactional) throw this.#refusal();
    const isBehind = ({ topic, partition }: TopicPartition) =>
      this.#refused.some((one) => one.topic === topic && one.partition === partition);
    return batches.filter((batch) => !isBehind(batch) || !isNotTaken(batch, answer));
  }

  #refusal(): RecordsRefused {
    return new RecordsRefused(this.#refused as [RefusedBatch, ...RefusedBatch[]]);
  }

  async #collect(answers: readonly Promise<SendResult[]>[]): Promise<readonly SendResult[]> {
    const outcomes = await Promise.allSettled(answers);
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (errors.length > 0) throw this.#fail(gravest(errors), errors);
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  }

  async #end(commit: boolean): Promise<void> {
    await Promise.all(this.#unsettled);
    this.#machine.check();
    if (commit && this.#refused.length > 0) throw this.#fail(this.#refusal());
    try {
      if (await this.#transaction?.end(commit)) this.#sequences.restart();
    } catch (error) {
      // It may have ended.
      this.#isLeftOpen = false;
      throw this.#fail(error);
    }
    // The sequences of the partitions concerned have a gap that nothing can fill.
    if (this.#refused.length > 0) throw this.#fail(this.#refusal());
    this.#machine.move('READY');
  }

  /** @param all what failed beside it, and itself */
  #fail(cause: unknown, all: readonly unknown[] = [cause]): unknown {
    if (this.state !== 'FAILED') this.#figures.failed(all);
    this.#isLeftOpen &&= all.every(leavesOpen);
    // What comes after a refusal comes of it, unless somebody else has taken over.
    const error = this.#refused.length > 0 && !isFenced(cause) ? this.#refusal() : cause;
    const openMs = Math.round(uptime() * 1000 - this.#begunAtMs);
    const late = lateError(error, {
      openMs,
      timeoutMs: this.#options.transactionTimeoutMs,
      isSlow: this.pace.isSlow,
    });
    if (late === null) return this.#machine.fail(error);
    this.#isLate = true;
    return this.#machine.fail(late);
  }
}

/** Whether it is an answer, after which nothing is on its way any more, and the producer's transaction still its own. */
function leavesOpen(error: unknown): boolean {
  return error instanceof ProtocolFailure && !isFenced(error) && !wasEnded(error);
}

/** Keeps a promise in a set until it is settled; its rejection is for others to handle. Resolves then. */
function track(set: Set<Promise<unknown>>, promise: Promise<unknown>): Promise<unknown> {
  const settled: Promise<unknown> = promise.then(
    () => set.delete(settled),
    () => set.delete(settled),
  );
  set.add(settled);
  return settled;
}
