/**
 * Rejects one row: what a transformation or converter throws when a row is at fault. Any other error rejects the row
 * as well; this one gives the error a name of its own for the dead-letter queue's statistics.
 */
export class RowError extends Error {
  /** The kind of error, one word: `UnparsableNumber`. */
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.name = errorName;
    this.errorName = errorName;
  }
}
