import type { KafkaCluster, KafkaOptions } from './cluster.ts';
import { QUICK_START } from './engine.ts';
import { JavaBroker, type JavaClusterPlan } from './java-broker.ts';
import { warmTransactions } from './kafka-ready.ts';
import { kafkaClassPath } from './maven.ts';
import { chooseNodes, formattingOptions, jvmOptions, newClusterId } from './nodes.ts';
import { makeTempFolder, releaseTempFolder, removeTempFolder } from './temp-folder.ts';

/** A cluster of Java processes, which can also be left behind when this process ends. */
export interface JavaKafkaCluster extends KafkaCluster {
  readonly folder: string;
  readonly brokers: readonly JavaBroker[];
  /** Lets the brokers and their data outlive this process. */
  release(): void;
}

/** Starts a cluster through Java; the jars are fetched on first use. Throws a StackError that says what is amiss. */
export async function startJavaKafka(options: KafkaOptions = {}): Promise<JavaKafkaCluster> {
  const classPath = await kafkaClassPath();
  const nodes = await chooseNodes(options);
  const folder = await makeTempFolder('kafka');
  const { properties: overrides = {} } = options;
  const clusterId = newClusterId();
  const plan: JavaClusterPlan = {
    ...{ clusterId, nodes, classPath, folder },
    ...{
      overrides,
      jvm: [...(options.isOptimised ? [] : QUICK_START), ...jvmOptions(options)],
      formatting: formattingOptions(options),
    },
  };
  const brokers = nodes.map((node) => new JavaBroker(node, plan));
  const cluster = new JavaCluster(folder, brokers);
  try {
    await Promise.all(brokers.map((broker) => broker.prepare()));
    for (const broker of brokers) broker.launch();
    const ids = nodes.map(({ id }) => id);
    await Promise.all(brokers.map((broker) => broker.ready(ids)));
    await warmTransactions(cluster.bootstrapServers);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

class JavaCluster implements JavaKafkaCluster {
  readonly folder: string;
  readonly brokers: readonly JavaBroker[];

  constructor(folder: string, brokers: readonly JavaBroker[]) {
    this.folder = folder;
    this.brokers = brokers;
  }

  get bootstrapServers(): string {
    return this.brokers.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  async stop(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    await removeTempFolder(this.folder);
  }

  release(): void {
    for (const broker of this.brokers) broker.release();
    releaseTempFolder(this.folder);
  }
}
