import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { KafkaBroker, KafkaCluster, KafkaOptions } from './cluster.ts';
import { docker, removeContainers, runContainer } from './docker-containers.ts';
import { type KafkaNode, kafkaProperties, listenerPorts } from './kafka-properties.ts';
import { kafkaReady, warmTransactions } from './kafka-ready.ts';
import { KAFKA_VERSION } from './maven.ts';
import { chooseNodes, formattingOptions, jvmOptions, newClusterId } from './nodes.ts';
import { run } from './run.ts';

const IMAGE = `apache/kafka:${KAFKA_VERSION}`;
const HOST = '127.0.0.1';
const DATA_FOLDER = '/tmp/kafka-data';

/*
 * Formats and runs by Kafka's own scripts rather than the image's entry point, so that one generator of properties
 * serves both engines; formatting again after `docker start` is a no-op.
 */
const START_SCRIPT = `printf '%s' "$PROPERTIES" > /tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t "$CLUSTER" -c /tmp/server.properties "$@"
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties`;

/** Starts a cluster of containers; the image is fetched on first use. Throws a StackError that says what is amiss. */
export async function startDockerKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const nodes = await chooseNodes(options);
  const runId = `headrace-${randomBytes(6).toString('hex')}`;
  const clusterId = newClusterId();
  const brokers = nodes.map((node) => new DockerBroker(node, clusterId, `${runId}-${node.id}`));
  const network = `${runId}-network`;
  const bootstrapServers = nodes.map(({ port }) => `${HOST}:${port}`).join(',');
  const names = [...brokers.map(({ name }) => name), network];
  const cluster: KafkaCluster = { bootstrapServers, brokers, stop: () => removeContainers(names) };
  try {
    await startNetwork(network, nodes);
    for (const [index, node] of nodes.entries()) {
      const properties = kafkaProperties({
        ...{ node, nodes, bindHost: '0.0.0.0', dataFolder: DATA_FOLDER },
        overrides: options.properties ?? {},
      });
      await brokers[index]?.create(network, properties, options);
    }
    const ids = nodes.map(({ id }) => id);
    await Promise.all(brokers.map((broker) => broker.ready(ids)));
    await warmTransactions(bootstrapServers);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/**
 * A container that only sleeps and lends its network to the brokers: they share one 127.0.0.1, so the address they
 * advertise is the same inside and outside, and any of them may be killed without the others losing theirs.
 */
async function startNetwork(name: string, nodes: readonly KafkaNode[]): Promise<void> {
  const ports = nodes.flatMap((node) => [node.port, ...Object.values(listenerPorts(node))]);
  const published = ports.flatMap((port) => ['--publish', `${HOST}:${port}:${port}`]);
  await runContainer(name, [...published, '--entrypoint', 'sleep', IMAGE, 'infinity']);
}

class DockerBroker implements KafkaBroker {
  readonly id: number;
  readonly host = HOST;
  readonly port: number;
  readonly listenerPorts: Readonly<Record<string, number>>;
  readonly name: string;
  readonly #clusterId: string;

  constructor(node: KafkaNode, clusterId: string, name: string) {
    this.id = node.id;
    this.port = node.port;
    this.listenerPorts = listenerPorts(node);
    this.name = name;
    this.#clusterId = clusterId;
  }

  async create(network: string, properties: string, options: KafkaOptions): Promise<void> {
    const environment = {
      ...{ PROPERTIES: properties, CLUSTER: this.#clusterId },
      ...{ KAFKA_HEAP_OPTS: '-Xmx512m', KAFKA_OPTS: jvmOptions(options).join(' ') },
    };
    await runContainer(this.name, [
      ...['--network', `container:${network}`],
      ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['--entrypoint', 'bash', IMAGE, '-c', START_SCRIPT, 'kafka'],
      ...formattingOptions(options),
    ]);
  }

  ready(ids: readonly number[]): Promise<void> {
    return kafkaReady({
      address: `${this.host}:${this.port}`,
      clusterId: this.#clusterId,
      ids,
      explain: () => spawnSync('docker', ['logs', '--tail', '8', this.name], { encoding: 'utf8' }).stdout,
      hasEnded: () => false,
    });
  }

  async start(): Promise<void> {
    await docker(['start', this.name]);
    await this.ready([this.id]);
  }

  async kill(): Promise<void> {
    // A paused container must be let go before it can be killed; one that has ended already is no error.
    this.unpause();
    await run('docker', ['kill', this.name]);
  }

  pause(): void {
    spawnSync('docker', ['pause', this.name]);
  }

  unpause(): void {
    spawnSync('docker', ['unpause', this.name]);
  }
}
