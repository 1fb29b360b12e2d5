import { HeadraceError } from '../../errors.ts';
import type { Api, TopicPartition } from '../protocol/api.ts';
import { isError, PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import { FIND_COORDINATOR } from '../protocol/find-coordinator.ts';
import { METADATA, METADATA_WITH_ID, NO_BROKER, type TopicMetadata } from '../protocol/metadata.ts';
import { BrokerLinks } from './broker-links.ts';
import type { KafkaClientConfig } from './client.ts';
import { failOn, fromKafkajs, notLetIn, partitionName, protocolError, wasClosed } from './errors.ts';
import type { BrokerLink, KafkaLog } from './kafkajs-internals.ts';
import { retryWhile } from './retry.ts';

/** kafkajs's name of the error. */
const REQUEST_TIMEOUT = 'KafkaJSRequestTimeoutError';

/** A broker's word that a quota of its is used up. */
export interface Throttle {
  /** Host and port. */
  readonly broker: string;
  /** Kafka's name of the request that it answered. */
  readonly api: string;
  /** How long it asks this client to be silent. */
  readonly throttleMs: number;
}

export type OnThrottle = (throttle: Throttle) => void;

/**
 * The connections of one user to the brokers of a cluster, and what is known of its topics. Not shared between
 * producers: a producer's requests to a broker must leave in its own order.
 */
export class KafkaConnection {
  readonly #config: KafkaClientConfig;
  readonly #onThrottle: OnThrottle;
  readonly #links: BrokerLinks;
  readonly #topics = new Map<string, readonly number[]>();
  #controllerId = NO_BROKER;

  private constructor(config: KafkaClientConfig, log: KafkaLog, onThrottle: OnThrottle) {
    this.#config = config;
    this.#links = new BrokerLinks(config, log);
    this.#onThrottle = onThrottle;
  }

  /** Connects to the first of `bootstrap.servers` that answers. Throws KAFKA_UNAVAILABLE or KAFKA_DENIED. */
  static async open(
    config: KafkaClientConfig,
    log: KafkaLog,
    onThrottle: OnThrottle = () => {},
  ): Promise<KafkaConnection> {
    const connection = new KafkaConnection(config, log, onThrottle);
    try {
      await connection.metadata([]);
    } catch (error) {
      await connection.close();
      throw config.login === undefined && wasClosed(error) ? notLetIn(config, error) : error;
    }
    return connection;
  }

  /** How long one request may take, in milliseconds. */
  get requestTimeoutMs(): number {
    return this.#config.requestTimeoutMs;
  }

  /** Asks about topics as the brokers know them now. A topic with an error carries its code; nothing is thrown for it. */
  async metadata(topics: readonly string[]): Promise<readonly TopicMetadata[]> {
    const answer = await this.call(await this.#links.any(), METADATA, { topics }, 'Asking for metadata');
    this.#controllerId = answer.controllerId;
    await this.#links.update(answer.brokers);
    for (const { topic, errorCode, partitions } of answer.topics) {
      if (errorCode !== 0) this.#topics.delete(topic);
      else this.#topics.set(topic, leadersOf(partitions));
    }
    return answer.topics;
  }

  /** The leaders of a topic's partitions, by partition; asked for once, then remembered until `forget`. */
  async leaders(topic: string): Promise<readonly number[]> {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    const doing = `Looking up topic "${topic}"`;
    return retryWhile(
      (error) => error instanceof HeadraceError && error.retriable,
      { timeoutMs: this.#config.requestTimeoutMs },
      async () => {
        const [found] = await this.metadata([topic]);
        failOn(found?.errorCode ?? PROTOCOL_ERRORS.UNKNOWN_TOPIC_OR_PARTITION.id, doing);
        const leaders = this.#topics.get(topic) ?? [];
        if (leaders.includes(NO_BROKER)) {
          this.#topics.delete(topic);
          throw protocolError(PROTOCOL_ERRORS.LEADER_NOT_AVAILABLE.id, doing);
        }
        return leaders;
      },
    );
  }

  /** The id of a topic, by which it differs from one of its name that was there before; null where brokers have none. */
  async topicId(topic: string): Promise<string | null> {
    const link = await this.#links.any();
    if (!link.serves(METADATA_WITH_ID)) return null;
    const doing = `Asking for the id of topic "${topic}"`;
    const { errorCode, id } = await this.call(link, METADATA_WITH_ID, { topic }, doing);
    failOn(errorCode, doing);
    return id;
  }

  /** Forgets the leaders of a topic, after a broker said that it is no longer one of them. */
  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  /** Forgets the leaders of all topics. */
  forgetAll(): void {
    this.#topics.clear();
  }

  /** The ready connection to the broker that leads a partition. */
  async leaderOf({ topic, partition }: TopicPartition): Promise<BrokerLink> {
    let leader = (await this.leaders(topic))[partition];
    if (leader === undefined) {
      // The topic may have more partitions by now.
      this.forget(topic);
      leader = (await this.leaders(topic))[partition];
    }
    if (leader === undefined) {
      throw protocolError(
        PROTOCOL_ERRORS.UNKNOWN_TOPIC_OR_PARTITION.id,
        `Looking up ${partitionName(topic, partition)}`,
      );
    }
    return this.#links.node(leader);
  }

  /** The ready connection to the broker that coordinates a transactional id. */
  transactionCoordinator(transactionalId: string): Promise<BrokerLink> {
    const doing = `Finding the coordinator of transactional id "${transactionalId}"`;
    return this.#coordinator({ key: transactionalId, of: 'transactionalId' }, doing);
  }

  /** The ready connection to the broker that coordinates a group. */
  groupCoordinator(groupId: string): Promise<BrokerLink> {
    return this.#coordinator({ key: groupId, of: 'group' }, `Finding the coordinator of group "${groupId}"`);
  }

  async #coordinator(
    sought: Parameters<typeof FIND_COORDINATOR.encode>[0],
    doing: string,
  ): Promise<BrokerLink> {
    const { errorCode, nodeId } = await this.call(await this.#links.any(), FIND_COORDINATOR, sought, doing);
    failOn(errorCode, doing);
    if (!this.#links.has(nodeId)) await this.metadata([]);
    return this.#links.node(nodeId);
  }

  /** The ready connection to the controller, or to any broker, which then forwards what is the controller's. */
  async controller(): Promise<BrokerLink> {
    return this.#links.has(this.#controllerId) ? this.#links.node(this.#controllerId) : this.#links.any();
  }

  /** The ready connection to a broker by its id. */
  node(nodeId: number): Promise<BrokerLink> {
    return this.#links.node(nodeId);
  }

  /** The ready connection to any broker. */
  any(): Promise<BrokerLink> {
    return this.#links.any();
  }

  /** Connects a link that has lost its connection meanwhile. */
  ready(link: BrokerLink): Promise<void> {
    return this.#links.ready(link);
  }

  /**
   * One call. The request is written to the socket before this returns. `doing` begins the sentence of an error. A
   * connection on which an answer does not come in time is ended: whoever goes on with it would wait in vain again.
   * Where the broker throttles this client, requests wait as long as it asks.
   *
   * @param withinMs of an answer that takes longer than others
   */
  call<Q, A>(
    link: BrokerLink,
    api: Api<Q, A>,
    request: Q,
    doing: string,
    withinMs: number | null = null,
  ): Promise<A> {
    return link.request(api, api.encode(request), withinMs).then(
      (answer) => {
        const response = api.decode(answer);
        const throttleMs = api.throttleMs(answer, response);
        if (throttleMs > 0) this.#throttle(link, api.name, throttleMs);
        return response;
      },
      async (error) => {
        if ((error as Error).name === REQUEST_TIMEOUT) await link.close();
        throw fromKafkajs(error, doing);
      },
    );
  }

  #throttle(link: BrokerLink, api: string, throttleMs: number): void {
    link.throttle(throttleMs);
    this.#onThrottle({ broker: `${link.host}:${link.port}`, api, throttleMs });
  }

  /** Whether the thread goes on for connections alone that stand now; at first it does. */
  keepThread(isKept: boolean): void {
    this.#links.keepThread(isKept);
  }

  /** Ends all connections at once, for good: whoever still waits for one gets KAFKA_UNAVAILABLE. */
  close(): Promise<void> {
    return this.#links.close();
  }
}

function leadersOf(partitions: TopicMetadata['partitions']): number[] {
  const leaders: number[] = new Array(partitions.length).fill(NO_BROKER);
  for (const { partition, leader, errorCode } of partitions) {
    leaders[partition] = isError(errorCode, 'LEADER_NOT_AVAILABLE') ? NO_BROKER : leader;
  }
  return leaders;
}
