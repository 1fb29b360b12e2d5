import type { KafkaCluster, KafkaOptions } from './cluster.ts';
import { startDockerKafka } from './docker-kafka.ts';
import { chooseEngine } from './engine.ts';
import { startJavaKafka } from './java-kafka.ts';

/**
 * Starts a Kafka cluster that ends with this process, however this process ends. Throws a StackError that says what
 * the machine lacks.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  return (await chooseEngine()) === 'docker' ? startDockerKafka(options) : startJavaKafka(options);
}
