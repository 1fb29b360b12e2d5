import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, gravest, ProtocolFailure, partitionName, protocolError } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { retryWhile } from '../connection/retry.ts';
import type { TopicPartition } from '../protocol/api.ts';
import { DESCRIBE_TRANSACTIONS } from '../protocol/describe-transactions.ts';
import { isError } from '../protocol/error-codes.ts';
import { ADD_PARTITIONS_TO_TXN, END_TXN, type ProducerIdentity } from '../protocol/transactions.ts';
import { unanswered } from './produce-check.ts';

/** The commit before takes the broker a few milliseconds to finish. */
const FIRST_DELAY_MS = 10;
const MAX_DELAY_MS = 40;

/** What the coordinator of a transactional id is told, and tells, of the transaction that a producer has open. */
export class CoordinatedTransaction {
  readonly #connection: KafkaConnection;
  readonly #coordinator: BrokerLink;
  readonly #transactionalId: string;
  readonly #identity: ProducerIdentity;
  /** The partitions that the coordinator knows to be part of it. */
  readonly #known = new Map<string, Set<number>>();

  constructor(
    connection: KafkaConnection,
    coordinator: BrokerLink,
    transactionalId: string,
    identity: ProducerIdentity,
  ) {
    this.#connection = connection;
    this.#coordinator = coordinator;
    this.#transactionalId = transactionalId;
    this.#identity = identity;
  }

  /** Makes the partitions that are not yet part of the transaction part of it. */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const fresh = partitions.filter(({ topic, partition }) => !this.#known.get(topic)?.has(partition));
    if (fresh.length === 0) return;
    const { requestTimeoutMs } = this.#connection;
    await retryWhile(
      (error) => error instanceof ProtocolFailure && isError(error.errorCode, 'CONCURRENT_TRANSACTIONS'),
      { timeoutMs: requestTimeoutMs, firstDelayMs: FIRST_DELAY_MS, maxDelayMs: MAX_DELAY_MS },
      () => this.#request(fresh),
    );
    for (const { topic, partition } of fresh) {
      const known = this.#known.get(topic);
      if (known === undefined) this.#known.set(topic, new Set([partition]));
      else known.add(partition);
    }
  }

  /** Commits it or aborts it, with one request; nothing is asked when the coordinator has not heard of it. */
  async end(commit: boolean): Promise<void> {
    if (this.#known.size === 0) return;
    const doing = `${commit ? 'Committing' : 'Aborting'} a transaction of "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const request = { ...this.#identity, transactionalId: this.#transactionalId, commit };
    const { errorCode } = await this.#connection.call(this.#coordinator, END_TXN, request, doing);
    failOn(errorCode, doing);
    this.#known.clear();
  }

  /**
   * After a fencing: whether the brokers only ended the transaction, and no other producer has taken over. False as well
   * where that cannot be told: before Apache Kafka 3.0.
   *
   * The end of a transaction raises the epoch by one. Another producer raises it twice, for the end of the open
   * transaction and for itself.
   */
  async wasOnlyEnded(): Promise<boolean> {
    const { producerId, producerEpoch } = this.#identity;
    const request = { transactionalId: this.#transactionalId };
    const doing = `Looking for who has fenced "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const [now] = await this.#connection.call(this.#coordinator, DESCRIBE_TRANSACTIONS, request, doing);
    if (now === undefined || now.errorCode !== 0) return false;
    return now.producerId === producerId && now.producerEpoch === producerEpoch + 1;
  }

  async #request(partitions: readonly TopicPartition[]): Promise<void> {
    const doing = `Beginning a transaction of "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const request = { ...this.#identity, transactionalId: this.#transactionalId, partitions };
    const answers = await this.#connection.call(this.#coordinator, ADD_PARTITIONS_TO_TXN, request, doing);
    const codes = new Map(answers.map((one) => [`${one.partition} ${one.topic}`, one.errorCode]));
    const errors = partitions.flatMap(({ topic, partition }) => {
      const code = codes.get(`${partition} ${topic}`);
      const on = `${doing} on ${partitionName(topic, partition)}`;
      if (code === undefined) return [unanswered(on)];
      return code === 0 ? [] : [protocolError(code, on)];
    });
    if (errors.length > 0) throw gravest(errors);
  }
}
