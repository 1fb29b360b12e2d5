import { kafkaClientConfig } from '../config/kafka-client-config.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { createKafkaClient, type KafkaClient } from '../kafka/client.ts';

/** A Kafka client with a worker's configuration. Throws CONFIG_INVALID when its certificates cannot be read. */
export function workerClient(worker: WorkerConfig, log: KafkaClient['log']): KafkaClient {
  const config = kafkaClientConfig(worker);
  return createKafkaClient(
    { ...config, bootstrapServers: config.bootstrapServers.join(',') } as KafkaClient['config'],
    log,
  );
}
