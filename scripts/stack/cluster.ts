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
  /** Of the further listeners, by their names. */
  readonly listenerPorts: Readonly<Record<string, number>>;
  /** SIGKILL: gone at once, its data kept. */
  kill(): Promise<void>;
  /** SIGSTOP: the connections stay, nothing answers. */
  pause(): void;
  /** SIGCONT: goes on where it was paused. */
  unpause(): void;
  /** Starts it again after `kill`, with the same data and port; returns when it answers. */
  start(): Promise<void>;
}

/** How a listener is guarded. */
export type SecurityProtocol = 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** How a cluster is to be. */
export interface KafkaOptions {
  /** Default: 1. */
  readonly brokers?: 1 | 3;
  /** Broker properties that are added to ours or replace them, on every broker. */
  readonly properties?: Readonly<Record<string, string>>;
  /** With Java's optimising compiler, for what is measured: ready later, and faster then. Containers have it always. */
  readonly isOptimised?: boolean;
  /** System properties of the brokers' Java, which some settings are. */
  readonly systemProperties?: Readonly<Record<string, string>>;
  /** Listeners beside the plain one: the security protocol of each by its name. */
  readonly listeners?: Readonly<Record<string, SecurityProtocol>>;
  /** Users who may log in by SCRAM, as Kafka's storage tool takes them: `SCRAM-SHA-256=[name=ann,password=…]`. */
  readonly scramUsers?: readonly string[];
  /** Levels of features that the cluster is formatted with, where they are not to be Kafka's default. */
  readonly features?: Readonly<Record<string, number>>;
  /** Ports of the brokers, in order, each taken if it is free; else any free port. */
  readonly preferredPorts?: readonly number[];
}
