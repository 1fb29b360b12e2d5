import { ProtocolFailure } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';
import type { ProducerFigures } from './producer-figures.ts';

/** The commit before takes the broker a few milliseconds to finish. */
const FIRST_DELAY_MS = 10;
const MAX_DELAY_MS = 40;

/** Asks again while brokers answer that the end of the transaction before is still being written: nothing was done then. */
export function afterEarlierCommit<T>(
  timeoutMs: number,
  figures: ProducerFigures,
  attempt: () => Promise<T>,
): Promise<T> {
  return figures.retryWhile(
    (error) => error instanceof ProtocolFailure && isError(error.errorCode, 'CONCURRENT_TRANSACTIONS'),
    { timeoutMs, firstDelayMs: FIRST_DELAY_MS, maxDelayMs: MAX_DELAY_MS },
    attempt,
  );
}
