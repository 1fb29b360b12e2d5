import { HeadraceError } from '../../errors.ts';
import { wasEnded } from '../../kafka/producer/late-transaction.ts';
import type { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { withHolder } from '../worker/take-over.ts';
import type { TaskEnvironment } from './task-environment.ts';
import { requireOffsetsTopic } from './task-offsets.ts';

/** What is behind an error of Kafka's that has a meaning for the connector as a whole. */
export async function explained(
  error: unknown,
  environment: TaskEnvironment,
  producer: TransactionalProducer,
): Promise<unknown> {
  if (!(error instanceof HeadraceError)) return error;
  if (error.code === 'KAFKA_FENCED' || wasEnded(error)) return ofEnd(error, environment, producer);
  if (error.code !== 'TOPIC_INVALID') return error;
  const lost: unknown = await requireOffsetsTopic(environment).catch((reason) => reason);
  return lost instanceof HeadraceError && lost.code === 'OFFSETS_LOST' ? lost : error;
}

/**
 * A process that was stopped for a while, or a machine that slept, goes on by itself; one that was replaced does not, as it
 * would take its id from the one that has replaced it.
 */
async function ofEnd(
  error: HeadraceError,
  environment: TaskEnvironment,
  producer: TransactionalProducer,
): Promise<HeadraceError> {
  const told = await ofHolder(error, environment);
  if (told !== error || error.code !== 'KAFKA_FENCED') return told;
  if (!(await producer.wasOnlyLate().catch(() => false))) return error;
  // A file that takes longer than the brokers allow would do so every time.
  if (environment.config.transaction.boundary === 'file') return error;
  return new HeadraceError(error.code, error.message, { cause: error, retriable: true });
}

async function ofHolder(error: HeadraceError, { client, plan }: TaskEnvironment): Promise<HeadraceError> {
  const claim = plan.hold?.claim ?? null;
  return claim === null ? error : withHolder(client, plan.worker, plan.connector, claim, error);
}
