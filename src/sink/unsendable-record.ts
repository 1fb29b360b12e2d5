import { type Rejection, RowError } from '../plugin/index.ts';
import { maskedValue, type Show, shown } from '../values/shown.ts';

/** A record cannot be sent. */
export class UnsendableRecord extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection, cause?: unknown) {
    super(rejection.message, { cause });
    this.rejection = rejection;
  }
}

/** What a topic does not take of a record. */
export function refused(topic: string, errorName: string, tell: (show: Show) => string): UnsendableRecord {
  return refusedRow(topic, errorName, tell(shown), tell(maskedValue));
}

function refusedRow(topic: string, errorName: string, message: string, masked?: string): UnsendableRecord {
  const reason = { message, ...(masked !== undefined && masked !== message && { masked }) };
  return new UnsendableRecord({ stage: 'KAFKA_PRODUCE', plugin: 'sink', errorName, ...reason, topic });
}

/** Why a record cannot be sent; any other error is thrown on. */
export function rejectionIn(error: unknown): Rejection {
  if (error instanceof UnsendableRecord) return error.rejection;
  throw error;
}

/** A row's own fault that shows when its topic is looked up; any other error as it is. */
export function refusedBy(error: unknown, topic: string): unknown {
  return error instanceof RowError ? refusedRow(topic, error.errorName, error.message, error.masked) : error;
}
