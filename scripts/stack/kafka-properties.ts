import type { SecurityProtocol } from './cluster.ts';

/** Where one node of the cluster is found. */
export interface KafkaNode {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** Beside the plain one for clients. */
  readonly listeners: readonly KafkaListener[];
}

/** A way into a broker that is guarded. */
export interface KafkaListener {
  readonly name: string;
  readonly protocol: SecurityProtocol;
  readonly port: number;
}

/** The ports of a node's further listeners, by their names. */
export function listenerPorts({ listeners }: KafkaNode): Record<string, number> {
  return Object.fromEntries(listeners.map(({ name, port }) => [name, port]));
}

/** What the properties of one node depend on. */
export interface KafkaPropertiesOptions {
  readonly node: KafkaNode;
  readonly nodes: readonly KafkaNode[];
  /** The address that the listener for clients binds; what it advertises is always 127.0.0.1. */
  readonly bindHost: string;
  readonly dataFolder: string;
  readonly overrides: Readonly<Record<string, string>>;
}

/** The `server.properties` of one node that is broker and controller at once. */
export function kafkaProperties(options: KafkaPropertiesOptions): string {
  const { node, nodes, bindHost, dataFolder, overrides } = options;
  const ports = { CLIENTS: node.port, ...listenerPorts(node) };
  const listenersOn = (host: string) =>
    Object.entries(ports).map(([name, port]) => `${name}://${host}:${port}`);
  const protocols = node.listeners.map(({ name, protocol }) => `${name}:${protocol}`);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': nodes.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: [...listenersOn(bindHost), `CONTROLLER://127.0.0.1:${node.controllerPort}`].join(','),
    'advertised.listeners': listenersOn('127.0.0.1').join(','),
    'listener.security.protocol.map': ['CLIENTS:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...protocols].join(','),
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    // A killed broker is missed, and may register again, after 3 s rather than 9 s.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...replication(nodes.length),
    ...overrides,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n')}\n`;
}

/** On three brokers one may fail without anything stopping. */
function replication(brokers: number): Record<string, string> {
  const factor = String(brokers);
  const minIsr = brokers === 1 ? '1' : '2';
  return {
    'default.replication.factor': factor,
    'min.insync.replicas': minIsr,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': minIsr,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': minIsr,
  };
}
