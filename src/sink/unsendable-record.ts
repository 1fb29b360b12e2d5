import { type Rejection, RowError } from '../plugin/index.ts';

/** A record cannot be sent. */
export class UnsendableRecord extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection, cause?: unknown) {
    super(rejection.message, { cause });
    this.rejection = rejection;
  }
}

/** What a topic does not take of a record. */
export function refused(topic: string, errorName: string, message: string): UnsendableRecord {
  return new UnsendableRecord({ stage: 'KAFKA_PRODUCE', plugin: 'sink', errorName, message, topic });
}

/** Why a record cannot be sent; any other error is thrown on. */
export function rejectionIn(error: unknown): Rejection {
  if (error instanceof UnsendableRecord) return error.rejection;
  throw error;
}

/** A row's own fault that shows when its topic is looked up; any other error as it is. */
export function refusedBy(error: unknown, topic: string): unknown {
  return error instanceof RowError ? refused(topic, error.errorName, error.message) : error;
}
