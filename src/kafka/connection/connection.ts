import { HeadraceError } from '../../errors.ts';
import { type Api, type TopicPartition, throttleMsOf } from '../protocol/api.ts';
import { isError, PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import { FIND_TRANSACTION_COORDINATOR } from '../protocol/find-coordinator.ts';
import { METADATA, type TopicMetadata } from '../protocol/metadata.ts';
import type { KafkaClientConfig } from './client.ts';
import { failOn, fromKafkajs, partitionName, protocolError, reasonOf, unreachable } from './errors.ts';
import { BrokerLink, type KafkaLog } from './kafkajs-internals.ts';
import { retryWhile } from './retry.ts';

const NO_LEADER = -1;
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
  readonly #log: KafkaLog;
  readonly #onThrottle: OnThrottle;
  readonly #links = new Map<number, BrokerLink>();
  readonly #topics = new Map<string, readonly number[]>();
  #seed: BrokerLink | undefined;
  #controllerId = NO_LEADER;
  #isClosed = false;

  private constructor(config: KafkaClientConfig, log: KafkaLog, onThrottle: OnThrottle) {
    this.#config = config;
    this.#log = log;
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
      await connection.#connectSeed();
      await connection.metadata([]);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /** How long one request may take, in milliseconds. */
  get requestTimeoutMs(): number {
    return this.#config.requestTimeoutMs;
  }

  /** Asks about topics as the brokers know them now. A topic with an error carries its code; nothing is thrown for it. */
  async metadata(topics: readonly string[]): Promise<readonly TopicMetadata[]> {
    const answer = await this.call(await this.#anyLink(), METADATA, { topics }, 'Asking for metadata');
    this.#controllerId = answer.controllerId;
    for (const { nodeId, host, port } of answer.brokers) {
      const known = this.#links.get(nodeId);
      if (known?.host === host && known.port === port) continue;
      await known?.close();
      const isSeed = this.#seed?.host === host && this.#seed.port === port;
      this.#links.set(nodeId, isSeed && this.#seed !== undefined ? this.#seed : this.#link(host, port));
    }
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
        if (leaders.includes(NO_LEADER)) {
          this.#topics.delete(topic);
          throw protocolError(PROTOCOL_ERRORS.LEADER_NOT_AVAILABLE.id, doing);
        }
        return leaders;
      },
    );
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
    return this.node(leader);
  }

  /** The ready connection to the broker that coordinates a transactional id. */
  async transactionCoordinator(transactionalId: string): Promise<BrokerLink> {
    const doing = `Finding the coordinator of transactional id "${transactionalId}"`;
    const link = await this.#anyLink();
    const { errorCode, nodeId } = await this.call(
      link,
      FIND_TRANSACTION_COORDINATOR,
      { transactionalId },
      doing,
    );
    failOn(errorCode, doing);
    if (!this.#links.has(nodeId)) await this.metadata([]);
    return this.node(nodeId);
  }

  /** The ready connection to the controller, or to any broker, which then forwards what is the controller's. */
  async controller(): Promise<BrokerLink> {
    return this.#links.has(this.#controllerId) ? this.node(this.#controllerId) : this.#anyLink();
  }

  /** The ready connection to any broker. */
  any(): Promise<BrokerLink> {
    return this.#anyLink();
  }

  /**
   * One call. The request is written to the socket before this returns. `doing` begins the sentence of an error. A
   * connection on which an answer does not come in time is ended: whoever goes on with it would wait in vain again.
   * Where the broker throttles this client, requests wait as long as it asks.
   */
  call<Q, A>(link: BrokerLink, api: Api<Q, A>, request: Q, doing: string): Promise<A> {
    return link.request(api, api.encode(request)).then(
      (answer) => {
        const throttleMs = throttleMsOf(api, answer);
        if (throttleMs > 0) this.#throttle(link, api.name, throttleMs);
        return api.decode(answer);
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
    for (const link of this.#ownLinks()) link.keepThread(isKept);
  }

  /** Ends all connections at once, for good: whoever still waits for one gets KAFKA_UNAVAILABLE. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#closeLinks();
  }

  async #closeLinks(): Promise<void> {
    const links = this.#ownLinks();
    this.#links.clear();
    this.#seed = undefined;
    await Promise.all([...links].map((link) => link.close()));
  }

  #ownLinks(): ReadonlySet<BrokerLink> {
    const links = new Set(this.#links.values());
    if (this.#seed !== undefined) links.add(this.#seed);
    return links;
  }

  async #anyLink(): Promise<BrokerLink> {
    for (const link of this.#links.values()) if (link.isReady) return link;
    if (this.#seed?.isReady) return this.#seed;
    return this.#connectSeed();
  }

  async #connectSeed(): Promise<BrokerLink> {
    const attempts: string[] = [];
    await this.#closeLinks();
    for (const { host, port } of parseBootstrapServers(this.#config.bootstrapServers)) {
      const link = this.#link(host, port);
      this.#seed = link;
      try {
        await this.#connect(link);
        return link;
      } catch (error) {
        await link.close();
        if (error instanceof HeadraceError && !error.retriable) throw error;
        attempts.push(reasonOf(error));
      }
    }
    throw unreachable(this.#config.bootstrapServers, attempts);
  }

  /** The ready connection to a broker by its id. */
  async node(nodeId: number): Promise<BrokerLink> {
    const link = this.#links.get(nodeId);
    if (link === undefined) {
      throw new HeadraceError(
        'KAFKA_UNAVAILABLE',
        `Broker ${nodeId} is not among those that the cluster names.`,
      );
    }
    await this.ready(link);
    return link;
  }

  /** Connects a link that has lost its connection meanwhile. */
  async ready(link: BrokerLink): Promise<void> {
    if (!link.isReady) await this.#connect(link);
  }

  async #connect(link: BrokerLink): Promise<void> {
    const doing = `Connecting to ${link.host}:${link.port}`;
    // kafkajs waits without a bound for the answer to a log-in.
    const withinMs = this.#config.connectionTimeoutMs + this.#config.requestTimeoutMs;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new HeadraceError('KAFKA_UNAVAILABLE', `${doing} failed: no answer within ${withinMs} ms.`));
      void link.close();
    }, withinMs);
    try {
      this.#throwIfClosed(doing);
      await Promise.race([link.ready(), late]);
      if (this.#isClosed) await link.close();
      this.#throwIfClosed(doing);
    } catch (error) {
      throw fromKafkajs(error, doing);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection that is made after the end would be nobody's, and keep the thread from ending. */
  #throwIfClosed(doing: string): void {
    if (this.#isClosed)
      throw new HeadraceError('KAFKA_UNAVAILABLE', `${doing} failed: it is not wanted any more.`);
  }

  #link(host: string, port: number): BrokerLink {
    const { clientId, ssl, sasl, connectionTimeoutMs, requestTimeoutMs } = this.#config;
    return new BrokerLink({
      host,
      port,
      clientId,
      ...(ssl === undefined ? {} : { ssl }),
      ...(sasl === undefined ? {} : { sasl }),
      connectionTimeoutMs,
      requestTimeoutMs,
      log: this.#log,
    });
  }
}

function leadersOf(partitions: TopicMetadata['partitions']): number[] {
  const leaders: number[] = new Array(partitions.length).fill(NO_LEADER);
  for (const { partition, leader, errorCode } of partitions) {
    leaders[partition] = isError(errorCode, 'LEADER_NOT_AVAILABLE') ? NO_LEADER : leader;
  }
  return leaders;
}

/** Hosts and ports of `bootstrap.servers`; an IPv6 address stands in brackets. Throws CONFIG_INVALID. */
export function parseBootstrapServers(value: string): { host: string; port: number }[] {
  const servers = value.split(',').flatMap((part) => {
    const server = part.trim();
    if (server === '') return [];
    const match = /^(?:[A-Z_]+:\/\/)?(\[[0-9a-f:.]+\]|[^:[\]/\s]+):(\d{1,5})$/i.exec(server);
    const port = Number(match?.[2]);
    if (match?.[1] === undefined || port < 1 || port > 65535) throw badServers(value, server);
    return [{ host: match[1].replace(/^\[|\]$/g, ''), port }];
  });
  if (servers.length === 0) throw badServers(value, value);
  return servers;
}

function badServers(value: string, server: string): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `bootstrap.servers is "${value}", in which "${server}" is not host:port. Write it like "kafka-1:9092,kafka-2:9092".`,
  );
}
