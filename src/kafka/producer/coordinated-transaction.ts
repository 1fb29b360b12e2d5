import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, gravest, partitionName, protocolError } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { type Api, partitionKey, type TopicPartition } from '../protocol/api.ts';
import { DESCRIBE_TRANSACTIONS } from '../protocol/describe-transactions.ts';
import type {
  AddPartitionsRequest,
  AddPartitionsResponse,
  ProducerIdentity,
} from '../protocol/transactions.ts';
import { afterEarlierCommit } from './earlier-commit.ts';
import type { InitialisedProducer } from './init-producer.ts';
import { unanswered } from './produce-check.ts';
import type { ProducerFigures } from './producer-figures.ts';
import { type TransactionProtocol, transactionProtocol } from './transaction-protocol.ts';

/** States of a transaction that was not committed. */
const ABORTED: readonly string[] = ['PrepareAbort', 'CompleteAbort'];

/** What the coordinator of a transactional id is told, and tells, of the transactions of a producer. */
export class CoordinatedTransaction {
  readonly #connection: KafkaConnection;
  readonly #coordinator: BrokerLink;
  readonly #transactionalId: string;
  #identity: ProducerIdentity;
  readonly #protocol: TransactionProtocol;
  readonly #figures: ProducerFigures;
  /** The partitions that are part of it or become so with their first batch, each with what is waited for until it is. */
  readonly #joined = new Map<string, Promise<unknown>>();

  private constructor(
    connection: KafkaConnection,
    { coordinator, identity }: InitialisedProducer,
    transactionalId: string,
    protocol: TransactionProtocol,
    figures: ProducerFigures,
  ) {
    this.#connection = connection;
    this.#coordinator = coordinator;
    this.#transactionalId = transactionalId;
    this.#identity = identity;
    this.#protocol = protocol;
    this.#figures = figures;
  }

  /** Begins those of a producer that was started. */
  static async of(
    connection: KafkaConnection,
    producer: InitialisedProducer,
    transactionalId: string,
    figures: ProducerFigures,
  ): Promise<CoordinatedTransaction> {
    const protocol = await transactionProtocol(connection, producer.coordinator);
    return new CoordinatedTransaction(connection, producer, transactionalId, protocol, figures);
  }

  /** Who writes in the one that is open, or in the next. */
  get identity(): ProducerIdentity {
    return this.#identity;
  }

  get protocol(): TransactionProtocol {
    return this.#protocol;
  }

  /** Resolves when batches for these partitions may be written. */
  async add(partitions: readonly TopicPartition[]): Promise<void> {
    const { addPartitions } = this.#protocol;
    if (addPartitions === null) {
      // The first batch for a partition may have to be sent again: none may overtake it.
      await Promise.all(partitions.map((one) => this.#joined.get(partitionKey(one))));
      return;
    }
    const fresh = partitions.filter((one) => !this.#joined.has(partitionKey(one)));
    if (fresh.length === 0) return;
    await afterEarlierCommit(this.#connection.requestTimeoutMs, this.#figures, () =>
      this.#request(addPartitions, fresh),
    );
    this.written(fresh, Promise.resolve());
  }

  /** Batches for these partitions are on their way, whatever becomes of them; `answered` never rejects. */
  written(partitions: readonly TopicPartition[], answered: Promise<unknown>): void {
    for (const one of partitions) {
      const key = partitionKey(one);
      if (!this.#joined.has(key)) this.#joined.set(key, answered);
    }
  }

  /**
   * Commits it or aborts it, with one request; nothing is asked when nothing was written. Whether the next one has another
   * identity, whose sequences begin anew.
   */
  async end(commit: boolean): Promise<boolean> {
    if (this.#joined.size === 0) return false;
    const doing = `${commit ? 'Committing' : 'Aborting'} a transaction of "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const request = { ...this.#identity, transactionalId: this.#transactionalId, commit };
    const answer = await this.#connection.call(this.#coordinator, this.#protocol.endTxn, request, doing);
    failOn(answer.errorCode, doing);
    this.#joined.clear();
    if (answer.next === null) return false;
    this.#identity = answer.next;
    return true;
  }

  /**
   * After a fencing: whether the brokers only ended the transaction, and no other producer has taken over. False as well
   * where that cannot be told: before Apache Kafka 3.0.
   *
   * The brokers' end of a transaction leaves it aborted and raises the epoch, once or, before the mend of KAFKA-19367,
   * twice. Another producer raises it once more for itself, which leaves it empty; and when that one aborts in its turn, TV2
   * raises it again.
   */
  async wasOnlyEnded(): Promise<boolean> {
    const { producerId, producerEpoch } = this.#identity;
    const request = { transactionalId: this.#transactionalId };
    const doing = `Looking for who has fenced "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const [now] = await this.#connection.call(this.#coordinator, DESCRIBE_TRANSACTIONS, request, doing);
    if (now === undefined || now.errorCode !== 0) return false;
    const raised = now.producerEpoch - producerEpoch;
    const isOneEnd = raised === 1 || (raised === 2 && this.#protocol.name === 'TV2');
    return now.producerId === producerId && ABORTED.includes(now.state) && isOneEnd;
  }

  async #request(
    api: Api<AddPartitionsRequest, AddPartitionsResponse>,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const doing = `Beginning a transaction of "${this.#transactionalId}"`;
    await this.#connection.ready(this.#coordinator);
    const request = { ...this.#identity, transactionalId: this.#transactionalId, partitions };
    const answers = await this.#connection.call(this.#coordinator, api, request, doing);
    const codes = new Map(answers.map((one) => [partitionKey(one), one.errorCode]));
    const errors = partitions.flatMap((one) => {
      const code = codes.get(partitionKey(one));
      const on = `${doing} on ${partitionName(one.topic, one.partition)}`;
      if (code === undefined) return [unanswered(on)];
      return code === 0 ? [] : [protocolError(code, on)];
    });
    if (errors.length > 0) throw gravest(errors);
  }
}
