/**
 * Rejects one row: what a transformation or converter throws when a row is at fault. Any other error rejects the row
 * as well; this one gives the error a name of its own for the dead-letter queue's statistics.
 */
export class RowError extends Error {
  /** The kind of error, one word: `UnparsableNumber`. */
  readonly errorName: string;
  /** The message without the row's values, for where they must not be shown. */
  readonly masked: string | undefined;

  /**
   * @param masked the message without values of the row, which is what logs and REST have where
   *   `errors.log.include.values` is false; not given, they only have the error's name
   */
  constructor(errorName: string, message: string, masked?: string) {
    super(message);
    this.name = errorName;
    this.errorName = errorName;
    this.masked = masked;
  }
}
