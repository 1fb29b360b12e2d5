/** One way of compressing the records of a batch, each call for the records of one whole batch. */
export interface Codec {
  /** Its number in the lowest three bits of a batch's attributes (https://kafka.apache.org/documentation/#recordbatch). */
  readonly attribute: number;
  /** Loads what the other two need, which they would do themselves. Throws CONFIG_INVALID when that is not installed. */
  prepare?(): void;
  /** The next call may write over what it gives. */
  compress(records: Buffer): Buffer;
  /** Throws any error for bytes that are not in its format. */
  decompress(packed: Buffer): Buffer;
}
