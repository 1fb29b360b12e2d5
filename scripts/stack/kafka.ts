import type { KafkaCluster, KafkaOptions } from './cluster.ts';
import { startDockerKafka } from './docker-kafka.ts';
import { chooseEngine } from './engine.ts';
import { startJavaKafka } from './java-kafka.ts';
import { kafkaClassPath } from './maven.ts';

/** Fetches what `startKafka` needs, once; images come with their first start. */
export async function fetchKafka(): Promise<void> {
  if ((await chooseEngine()) === 'java') await kafkaClassPath();
}

/**
 * Starts a Kafka cluster that ends with this process, however this process ends. Throws a StackError that says what
 * the machine lacks.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  return (await chooseEngine()) === 'docker' ? startDockerKafka(options) : startJavaKafka(options);
}
