/** A running Kafka cluster of one broker or three, on 127.0.0.1, that ends with the process which started it. */
export interface KafkaCluster {
  /** Comma-separated, as clients want it. */
  readonly bootstrapServers: string;
  readonly brokers: readonly KafkaBroker[];
  /** Ends every broker at once and removes the data. May be called again. */
  stop(): Promise<void>;
}

/** One broker, with the means to make it fail. */
export interface KafkaBroker {
  /** The node id, counted from 1. */
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** SIGKILL: gone at once, its data kept. */
  kill(): Promise<void>;
  /** SIGSTOP: the connections stay, nothing answers. */
  pause(): void;
  /** SIGCONT: goes on where it was paused. */
  unpause(): void;
  /** Starts it again after `kill`, with the same data and port; returns when it answers. */
  start(): Promise<void>;
}

/** How a cluster is to be. */
export interface KafkaOptions {
  /** Default: 1. */
  readonly brokers?: 1 | 3;
  /** Broker properties that are added to ours or replace them, on every broker. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Ports of the brokers, in order, each taken if it is free; else any free port. */
  readonly preferredPorts?: readonly number[];
}
