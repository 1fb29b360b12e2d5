import { HeadraceError } from '../../errors.ts';
import type { MetadataResponse } from '../protocol/metadata.ts';
import { parseBootstrapServers } from './bootstrap-servers.ts';
import type { KafkaClientConfig } from './client.ts';
import { fromKafkajs, reasonOf, unreachable } from './errors.ts';
import { BrokerLink, type KafkaLog } from './kafkajs-internals.ts';
import { NoLogin } from './login.ts';

/** The links to the brokers of a cluster, each made when it is first needed; to the first one by `bootstrap.servers`. */
export class BrokerLinks {
  readonly #config: KafkaClientConfig;
  readonly #log: KafkaLog;
  readonly #byNode = new Map<number, BrokerLink>();
  #seed: BrokerLink | undefined;
  #isClosed = false;

  constructor(config: KafkaClientConfig, log: KafkaLog) {
    this.#config = config;
    this.#log = log;
  }

  /** Takes the brokers as the cluster names them now. */
  async update(brokers: MetadataResponse['brokers']): Promise<void> {
    for (const { nodeId, host, port } of brokers) {
      const known = this.#byNode.get(nodeId);
      if (known?.host === host && known.port === port) continue;
      await known?.close();
      const isSeed = this.#seed?.host === host && this.#seed.port === port;
      this.#byNode.set(nodeId, isSeed && this.#seed !== undefined ? this.#seed : this.#link(host, port));
    }
  }

  /** Whether the cluster names such a broker. */
  has(nodeId: number): boolean {
    return this.#byNode.has(nodeId);
  }

  /** The ready link to a broker by its id. */
  async node(nodeId: number): Promise<BrokerLink> {
    const link = this.#byNode.get(nodeId);
    if (link === undefined) {
      throw new HeadraceError(
        'KAFKA_UNAVAILABLE',
        `Broker ${nodeId} is not among those that the cluster names.`,
      );
    }
    await this.ready(link);
    return link;
  }

  /** A ready link to any broker; where there is none, to the first of `bootstrap.servers` that answers. */
  async any(): Promise<BrokerLink> {
    for (const link of this.#byNode.values()) if (link.isReady) return link;
    if (this.#seed?.isReady) return this.#seed;
    return this.#connectSeed();
  }

  /** Connects a link that has lost its connection meanwhile. */
  async ready(link: BrokerLink): Promise<void> {
    if (!link.isReady) await this.#connect(link);
  }

  /** Whether the thread goes on for links alone that stand now; at first it does. */
  keepThread(isKept: boolean): void {
    for (const link of this.#own()) link.keepThread(isKept);
  }

  /** Ends all of them at once, for good: whoever still waits for one gets KAFKA_UNAVAILABLE. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#closeAll();
  }

  async #closeAll(): Promise<void> {
    const links = this.#own();
    this.#byNode.clear();
    this.#seed = undefined;
    await Promise.all([...links].map((link) => link.close()));
  }

  #own(): ReadonlySet<BrokerLink> {
    const links = new Set(this.#byNode.values());
    if (this.#seed !== undefined) links.add(this.#seed);
    return links;
  }

  async #connectSeed(): Promise<BrokerLink> {
    const attempts: string[] = [];
    await this.#closeAll();
    for (const { host, port } of parseBootstrapServers(this.#config.bootstrapServers)) {
      const link = this.#link(host, port);
      this.#seed = link;
      try {
        await this.#connect(link);
        return link;
      } catch (error) {
        await link.close();
        if (error instanceof NoLogin || (error instanceof HeadraceError && !error.retriable)) throw error;
        attempts.push(reasonOf(error));
      }
    }
    throw unreachable(this.#config.bootstrapServers, attempts);
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
    const { clientId, tls, login, connectionTimeoutMs, requestTimeoutMs } = this.#config;
    return new BrokerLink({
      host,
      port,
      clientId,
      ...(tls === undefined ? {} : { tls }),
      ...(login === undefined ? {} : { login }),
      connectionTimeoutMs,
      requestTimeoutMs,
      log: this.#log,
    });
  }
}
