import type { RecordSchema } from './schema.ts';

/** Where a record came from. */
export interface RowOrigin {
  /** The file's path as it was found: relative to the watched folder, or as given. */
  readonly filePath: string;
  /** The last part of the path. */
  readonly fileName: string;
  /** The data row's number in the file; 1 is the first. */
  readonly row: number;
  /** The line of the file on which the row starts; 1 is the first, headers and comments count. */
  readonly line: number;
  /** The byte of the file (after decompression) at which the row starts. */
  readonly offset: number;
}

export interface RecordHeader {
  readonly name: string;
  readonly value: string | Uint8Array | null;
}

/** One record on its way from a row of a file to a Kafka topic: Kafka Connect's SourceRecord. */
export interface SourceRecord {
  /** The topic to write to; null until a transformation has set it. */
  topic: string | null;
  /** The partition; null lets the key decide, by Java's murmur2. */
  partition: number | null;
  key: unknown;
  /** From a parser: an object with a property for each column. null is a tombstone. */
  value: unknown;
  /** The schema of `value`; null while every field is a string as it came. */
  valueSchema: RecordSchema | null;
  /** Headers beside those that every record gets (`file.path`, `file.name`, `file.offset`, `file.row`). */
  headers: RecordHeader[];
  /** Milliseconds since 1970; null takes the time of writing. */
  timestamp: number | null;
  readonly origin: RowOrigin;
}
