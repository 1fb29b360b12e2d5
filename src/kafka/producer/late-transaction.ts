import { HeadraceError } from '../../errors.ts';
import { ProtocolFailure } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';

const QUOTA =
  ' A quota of Kafka slows this client down: raise its producer_byte_rate or request_percentage, or choose another transaction.boundary than file.';

/** Whether somebody else, or the brokers, have shut the producer out. */
export function isFenced(error: unknown): error is HeadraceError {
  return error instanceof HeadraceError && error.code === 'KAFKA_FENCED';
}

/** Whether the brokers have ended the transaction and do not say why: its time was over, or another producer came. */
export function wasEnded(error: unknown): error is ProtocolFailure {
  return (
    error instanceof ProtocolFailure && isError(error.errorCode, 'INVALID_TXN_STATE', 'TRANSACTION_ABORTABLE')
  );
}

export interface OpenTransaction {
  readonly openMs: number;
  readonly timeoutMs: number;
  /** A quota slows the producer down. */
  readonly isSlow: boolean;
}

/** The error of a transaction that was open for longer than its timeout, so that the brokers have ended it; null for others. */
export function lateError(
  error: unknown,
  { openMs, timeoutMs, isSlow }: OpenTransaction,
): HeadraceError | null {
  if (openMs < timeoutMs || !(isFenced(error) || wasEnded(error))) return null;
  const late = `${error.message} The transaction was open for ${openMs} ms, its timeout is ${timeoutMs} ms.${isSlow ? QUOTA : ''}`;
  return new HeadraceError('KAFKA_FENCED', late, { cause: error });
}
