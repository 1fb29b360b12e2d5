import type { ConnectionOptions } from 'node:tls';
import { parseBootstrapServers } from './bootstrap-servers.ts';
import { KafkaConnection, type OnThrottle } from './connection.ts';
import type { KafkaLog } from './kafkajs-internals.ts';
import type { Login } from './login.ts';
import { SpareConnection } from './spare-connection.ts';

/** How to reach a cluster. Times are milliseconds. */
export interface KafkaClientConfig {
  /** `host:port`, several with commas between. */
  readonly bootstrapServers: string;
  readonly clientId: string;
  /** Where brokers are talked to over TLS; asked anew for each connection. */
  readonly tls?: () => ConnectionOptions;
  /** Where brokers want to know who comes. */
  readonly login?: Login;
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
  parseBootstrapServers(config.bootstrapServers);
  const connect = () => KafkaConnection.open(config, log, onThrottle);
  const spare = new SpareConnection(connect);
  return {
    config,
    log,
    connect,
    withConnection: (use) => spare.lendTo(use),
  };
}
