import { isError } from '../protocol/error-codes.ts';
import { ProtocolFailure } from './errors.ts';

/** Answers of coordinators: right after a cluster's first start, a move, or while a predecessor's work is undone. */
const NOT_YET = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'CONCURRENT_TRANSACTIONS',
] as const;

/** Whether it may be another answer when asked again in a moment. */
export function isNotYet(error: unknown): boolean {
  return error instanceof ProtocolFailure && isError(error.errorCode, ...NOT_YET);
}
