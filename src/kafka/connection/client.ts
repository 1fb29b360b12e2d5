import type { Admin, KafkaConfig } from 'kafkajs';
import { KafkaConnection, type OnThrottle, parseBootstrapServers } from './connection.ts';
import { forwardLogs, type KafkaLog, socketFactory } from './kafkajs-internals.ts';
import { SpareConnection } from './spare-connection.ts';

/** How to reach a cluster. Times are milliseconds. */
export interface KafkaClientConfig {
  /** `host:port`, several with commas between. */
  readonly bootstrapServers: string;
  readonly clientId: string;
  /** true, or Node's TLS options. */
  readonly ssl?: KafkaConfig['ssl'];
  /** kafkajs's shape: mechanism and what belongs to it. */
  readonly sasl?: KafkaConfig['sasl'];
  /** How long a TCP and TLS connection to one broker may take to stand. */
  readonly connectionTimeoutMs: number;
  /** How long a broker may take to answer a request. */
  readonly requestTimeoutMs: number;
}

/** What the rest of Headrace talks to Kafka through. */
export interface KafkaClient {
  readonly config: KafkaClientConfig;
  readonly log: KafkaLog;
  /** A new connection of the caller's own, which the caller closes. Throws KAFKA_UNAVAILABLE or KAFKA_DENIED. */
  connect(): Promise<KafkaConnection>;
  /** Runs `use` with a connection that is its own as long as it runs. Throws what `connect` and `use` throw. */
  withConnection<T>(use: (connection: KafkaConnection) => Promise<T>): Promise<T>;
  /**
   * kafkajs's admin, not yet connected, for what Headrace does not speak itself. Its errors are kafkajs's. Most
   * commands and tasks never ask for it, so the greater part of kafkajs is loaded with the first call.
   */
  admin(): Promise<Admin>;
}

/**
 * Makes a client. Nothing is connected until it is asked. Throws CONFIG_INVALID for a wrong `bootstrapServers`.
 *
 * @param onThrottle told of each answer by which a broker slows this client down
 */
export function createKafkaClient(
  config: KafkaClientConfig,
  log: KafkaLog,
  onThrottle?: OnThrottle,
): KafkaClient {
  const brokers = parseBootstrapServers(config.bootstrapServers).map(({ host, port }) => `${host}:${port}`);
  const connect = () => KafkaConnection.open(config, log, onThrottle);
  const spare = new SpareConnection(connect);
  return {
    config,
    log,
    connect,
    withConnection: (use) => spare.lendTo(use),
    admin: async () => {
      const { Kafka } = await import('kafkajs');
      const kafka = new Kafka({
        brokers,
        clientId: config.clientId,
        ...(config.ssl === undefined ? {} : { ssl: config.ssl }),
        ...(config.sasl === undefined ? {} : { sasl: config.sasl }),
        connectionTimeout: config.connectionTimeoutMs,
        requestTimeout: config.requestTimeoutMs,
        retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1000 },
        socketFactory,
        logCreator: forwardLogs(log),
      });
      return kafka.admin();
    },
  };
}
