import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KafkaBroker } from './cluster.ts';
import { javaCommand, QUICK_START } from './engine.ts';
import { type KafkaNode, kafkaProperties, listenerPorts } from './kafka-properties.ts';
import { kafkaReady } from './kafka-ready.ts';
import { run } from './run.ts';
import { ServerProcess } from './server-process.ts';
import { StackError } from './stack-error.ts';

const HOST = '127.0.0.1';

/** What all brokers of one cluster share. */
export interface JavaClusterPlan {
  readonly clusterId: string;
  readonly nodes: readonly KafkaNode[];
  readonly classPath: string;
  /** Holds the properties, the log and the data of each broker. */
  readonly folder: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** Further options of the storage tool. */
  readonly formatting: readonly string[];
  /** Further options of the JVM. */
  readonly jvm: readonly string[];
}

/** One node, broker and controller at once, as a Java process. */
export class JavaBroker implements KafkaBroker {
  readonly id: number;
  readonly host = HOST;
  readonly port: number;
  readonly listenerPorts: Readonly<Record<string, number>>;
  readonly #node: KafkaNode;
  readonly #plan: JavaClusterPlan;
  readonly #process: ServerProcess;

  constructor(node: KafkaNode, plan: JavaClusterPlan) {
    this.id = node.id;
    this.port = node.port;
    this.listenerPorts = listenerPorts(node);
    this.#node = node;
    this.#plan = plan;
    this.#process = new ServerProcess(
      javaCommand(),
      [
        ...['-Xmx512m', '-Dlog4j2.level=WARN', ...plan.jvm],
        ...['-cp', plan.classPath, 'kafka.Kafka', this.#propertiesFile],
      ],
      join(plan.folder, `broker-${node.id}.log`),
    );
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get #propertiesFile(): string {
    return join(this.#plan.folder, `broker-${this.id}.properties`);
  }

  /** Writes the properties and formats the data folder. */
  async prepare(): Promise<void> {
    const { clusterId, nodes, classPath, folder, overrides, formatting } = this.#plan;
    const dataFolder = join(folder, `broker-${this.id}`);
    const properties = kafkaProperties({ node: this.#node, nodes, bindHost: HOST, dataFolder, overrides });
    await writeFile(this.#propertiesFile, properties);
    const { code, stdout, stderr } = await run(javaCommand(), [
      ...[...QUICK_START, '-cp', classPath],
      ...['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.#propertiesFile],
      ...formatting,
    ]);
    if (code === 0) return;
    throw new StackError(`Kafka's storage could not be formatted.\n${stdout}${stderr}`.trim());
  }

  launch(): void {
    this.#process.start();
  }

  /** Waits until this broker serves metadata that lists the brokers with these ids. */
  ready(ids: readonly number[]): Promise<void> {
    return kafkaReady({
      address: `${this.host}:${this.port}`,
      clusterId: this.#plan.clusterId,
      ids,
      explain: () => this.#process.logTail(),
      hasEnded: () => this.#process.pid === undefined,
    });
  }

  async start(): Promise<void> {
    if (this.#process.pid === undefined) this.launch();
    await this.ready([this.id]);
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  pause(): void {
    this.#process.signal('SIGSTOP');
  }

  unpause(): void {
    this.#process.signal('SIGCONT');
  }

  release(): void {
    this.#process.release();
  }
}
