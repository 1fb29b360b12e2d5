import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, ProtocolFailure } from '../connection/errors.ts';
import type { BrokerLink, KafkaLog } from '../connection/kafkajs-internals.ts';
import { isNotYet } from '../connection/not-yet.ts';
import {
  INIT_PRODUCER_ID,
  INIT_PRODUCER_ID_FLEXIBLE,
  type ProducerIdentity,
} from '../protocol/transactions.ts';
import { ProducerFigures } from './producer-figures.ts';

/** How long a coordinator that says "not yet" is waited for as a rule. */
export const START_TIMEOUT_MS = 60_000;

export interface InitProducerOptions {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  /** How long to wait while the answer is "not yet", in milliseconds. */
  readonly startTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of what is tried again. */
  readonly figures?: ProducerFigures;
}

/** A producer's identity and the broker that coordinates its transactions. */
export interface InitialisedProducer {
  readonly identity: ProducerIdentity;
  readonly coordinator: BrokerLink;
}

/** Finds the coordinator and gets an identity from it, which fences all that had one before. */
export function initProducer(
  connection: KafkaConnection,
  options: InitProducerOptions,
  log: KafkaLog,
): Promise<InitialisedProducer> {
  const { transactionalId, transactionTimeoutMs } = options;
  const doing =
    transactionalId === null ? 'Starting a producer' : `Taking over transactional id "${transactionalId}"`;
  const { figures = new ProducerFigures() } = options;
  return figures.retryWhile(
    isNotYet,
    {
      timeoutMs: options.startTimeoutMs,
      signal: options.signal,
      onRetry: (error, attempt) => {
        const answer = error instanceof ProtocolFailure ? error.errorName : undefined;
        if (attempt === 1)
          log('info', 'Waiting for the transaction coordinator', { transactionalId, answer });
      },
    },
    async () => {
      const coordinator =
        transactionalId === null
          ? await connection.any()
          : await connection.transactionCoordinator(transactionalId);
      const request = { transactionalId, transactionTimeoutMs };
      const api = coordinator.serves(INIT_PRODUCER_ID_FLEXIBLE)
        ? INIT_PRODUCER_ID_FLEXIBLE
        : INIT_PRODUCER_ID;
      const answer = await connection.call(coordinator, api, request, doing);
      failOn(answer.errorCode, doing);
      return {
        identity: { producerId: answer.producerId, producerEpoch: answer.producerEpoch },
        coordinator,
      };
    },
  );
}

/**
 * Ends what a producer of this id has open, so that nobody waits for it; it writes nothing more.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE, KAFKA_DENIED, or the signal's reason
 */
export async function fenceProducer(
  client: KafkaClient,
  options: Omit<InitProducerOptions, 'startTimeoutMs'>,
): Promise<void> {
  await client.withConnection((connection) =>
    initProducer(connection, { startTimeoutMs: START_TIMEOUT_MS, ...options }, client.log),
  );
}
