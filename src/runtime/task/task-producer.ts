import { transactionMaxTimeoutMs } from '../../kafka/cluster/broker-configs.ts';
import type { ProducerFigures } from '../../kafka/producer/producer-figures.ts';
import { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { taskId } from '../worker/take-over.ts';
import type { TaskEnvironment } from './task-environment.ts';

/** How long the brokers keep a transaction open whose producer has gone. */
const TRANSACTION_TIMEOUT_MS = 60_000;

/** A producer of the task's own id, which fences the one before it. */
export async function startProducer(
  environment: TaskEnvironment,
  figures: ProducerFigures,
): Promise<TransactionalProducer> {
  const { client, config, plan, signal } = environment;
  const transactionalId = taskId(plan.worker, plan.connector, plan.taskId);
  return await TransactionalProducer.start(client, {
    transactionalId: config.exactlyOnce ? transactionalId : null,
    transactionTimeoutMs: await transactionTimeoutMs(environment),
    compression: config.compressionType,
    signal,
    figures,
  });
}

/** Nobody knows how long a file takes: a transaction of a whole file gets as long as the brokers allow. */
async function transactionTimeoutMs({ client, config }: TaskEnvironment): Promise<number> {
  return config.transaction.boundary === 'file' ? transactionMaxTimeoutMs(client) : TRANSACTION_TIMEOUT_MS;
}
