import type { GroupRefusal } from '../../cluster/membership-events.ts';
import { HeadraceError } from '../../errors.ts';
import { ProtocolFailure } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';

/** What an error of a member's request means to it. */
export function refusalOf(error: unknown): GroupRefusal {
  if (error instanceof ProtocolFailure) {
    if (isError(error.errorCode, 'REBALANCE_IN_PROGRESS')) return { type: 'rebalance' };
    if (isError(error.errorCode, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION')) return { type: 'lost' };
    if (isError(error.errorCode, 'FENCED_INSTANCE_ID')) return { type: 'fenced' };
  }
  if (error instanceof HeadraceError && error.retriable) return { type: 'unreachable' };
  return { type: 'refused', error: error instanceof Error ? error : new Error(String(error)) };
}
