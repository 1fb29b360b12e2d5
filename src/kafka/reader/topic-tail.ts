import { setTimeout as sleep } from 'node:timers/promises';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { gravest, ProtocolFailure, reasonOf } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { committedRecords } from './committed-records.ts';
import { type FetchedPiece, fetchRound, type Position } from './fetch-round.ts';
import { byLeader, NO_END, offsetsAt } from './spans.ts';
import type { TopicRecord } from './topic-reader.ts';

/** How long a broker waits for something new; then it is asked again. */
const MAX_WAIT_MS = 500;
/** So often it is looked whether the topic is the same, and has as many partitions. */
const LOOK_EVERY_MS = 10_000;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;

export interface TopicTailOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Once, when all has been read that was committed; what comes behind an open transaction is not waited for. */
  readonly onCaughtUp?: () => void;
  /** What is to be read next of a partition: at first, and after the records of each answer, also where only markers came. */
  readonly onPosition?: (partition: number, offset: bigint) => void;
  /**
   * The topic is read from its beginning again, with the next record: it was made anew, or has lost what was to be read
   * next. What was known of it is to be forgotten.
   */
  readonly onAnew?: () => void;
}

/**
 * Reads what is committed in a topic, from its beginning, and goes on with what comes, until `signal` ends it. Records of
 * one partition come in order. Outages, leaders that move, and a topic that is away for a time are waited out: each is
 * told to the log once.
 *
 * Throws TOPIC_INVALID or KAFKA_DENIED when the topic cannot be read from the first.
 *
 * @param onRecord throws nothing: the record would not come again
 */
export async function followTopic(
  client: KafkaClient,
  topic: string,
  onRecord: (record: TopicRecord) => void,
  options: TopicTailOptions,
): Promise<void> {
  const tail = new TopicTail(client, topic, onRecord, options);
  const { signal } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    const roundsBefore = tail.rounds;
    try {
      await tail.follow();
    } catch (error) {
      if (signal.aborted) return;
      tail.judge(error);
    }
    if (tail.rounds > roundsBefore) failures = 0;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
    await sleep(delayMs, undefined, { signal }).catch(() => {});
  }
}

class TopicTail {
  /** Answers that came while every broker gave them. */
  rounds = 0;
  readonly #client: KafkaClient;
  readonly #topic: string;
  readonly #onRecord: (record: TopicRecord) => void;
  readonly #options: TopicTailOptions;
  readonly #positions = new Map<number, Position>();
  /** Partitions that were not yet read as far as they went; undefined once all were. */
  #behind: Set<number> | undefined = new Set();
  #topicId: string | null = null;
  #isTroubleTold = false;

  constructor(
    client: KafkaClient,
    topic: string,
    onRecord: (record: TopicRecord) => void,
    options: TopicTailOptions,
  ) {
    this.#client = client;
    this.#topic = topic;
    this.#onRecord = onRecord;
    this.#options = options;
  }

  /** Reads with a connection of its own, until something goes wrong. */
  async follow(): Promise<void> {
    const { signal } = this.#options;
    const connection = await this.#client.connect();
    const close = () => void connection.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      while (!signal.aborted) {
        await this.#look(connection);
        await this.#readAll(connection, performance.now() + LOOK_EVERY_MS);
      }
    } finally {
      signal.removeEventListener('abort', close);
      await connection.close();
    }
  }

  /** Throws what no waiting mends. */
  judge(error: unknown): void {
    if (!(error instanceof HeadraceError)) throw error;
    if (!error.retriable && this.rounds === 0) throw error;
    if (error instanceof ProtocolFailure && error.errorName === 'OFFSET_OUT_OF_RANGE') this.#beginAnew();
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#client.log('warn', 'A topic cannot be followed for now', {
      topic: this.#topic,
      reason: reasonOf(error),
    });
  }

  /** At the topic as it is now: whether it is the same, and which partitions it has. */
  async #look(connection: KafkaConnection): Promise<void> {
    const id = await connection.topicId(this.#topic);
    if (this.#topicId !== null && id !== this.#topicId) this.#beginAnew();
    this.#topicId = id;
    connection.forget(this.#topic);
    const partitions = [...(await connection.leaders(this.#topic)).keys()];
    if (partitions.length === 0) throw notThereYet(this.#topic);
    const added = partitions.filter((partition) => !this.#positions.has(partition));
    if (added.length === 0) return;
    const places = added.map((partition) => ({ topic: this.#topic, partition }));
    for (const [partition, offset] of await offsetsAt(connection, places, 'start')) {
      this.#positions.set(partition, { topic: this.#topic, partition, offset, end: NO_END });
      this.#behind?.add(partition);
      this.#options.onPosition?.(partition, offset);
    }
  }

  #beginAnew(): void {
    this.#positions.clear();
    this.#behind?.clear();
    this.#options.onAnew?.();
  }

  /** Each broker by itself, so that one which has nothing new to tell holds up no other. Resolves, or throws, when none is asked any more. */
  async #readAll(connection: KafkaConnection, untilMs: number): Promise<void> {
    const { signal } = this.#options;
    const groups = await byLeader(connection, [...this.#positions.values()]);
    const unheard = new Set(groups.keys());
    const failed = new AbortController();
    const mayGoOn = () => !signal.aborted && !failed.signal.aborted && performance.now() < untilMs;
    const readOn = async (leader: BrokerLink, positions: readonly Position[]) => {
      while (mayGoOn()) {
        await this.#readOnce(connection, positions);
        unheard.delete(leader);
        if (unheard.size === 0) this.#hasRead();
      }
    };
    await Promise.all([...groups].map((group) => readOn(...group).catch((error) => failed.abort(error))));
    failed.signal.throwIfAborted();
  }

  async #readOnce(connection: KafkaConnection, positions: readonly Position[]): Promise<void> {
    const { pieces, errors } = await fetchRound(connection, positions, MAX_WAIT_MS);
    if (this.#options.signal.aborted) return;
    for (const piece of pieces) this.#take(piece);
    if (errors.length > 0) throw gravest(errors);
    if (this.#behind?.size !== 0) return;
    this.#behind = undefined;
    this.#options.onCaughtUp?.();
  }

  /** Of every broker, and nothing went wrong. */
  #hasRead(): void {
    this.rounds++;
    this.#isTroubleTold = false;
  }

  #take({ span, batches, abortedTransactions, stableEnd }: FetchedPiece): void {
    const { partition } = span;
    for (const record of committedRecords(batches, abortedTransactions, span.offset))
      this.#onRecord({ ...record, topic: this.#topic, partition });
    const { offset } = this.#positions.get(partition) as Position;
    if (offset > span.offset) this.#options.onPosition?.(partition, offset);
    if (offset >= stableEnd) this.#behind?.delete(partition);
  }
}

function notThereYet(topic: string): HeadraceError {
  return new HeadraceError('KAFKA_UNAVAILABLE', `Topic "${topic}" has no partitions yet.`);
}
