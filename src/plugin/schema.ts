/** The schema of a record's value: its fields in order. */
export interface RecordSchema {
  /** The record's full name, as Avro spells it (`market.Trade`). */
  readonly name: string;
  /** What it is, for readers of the schema. */
  readonly doc?: string;
  readonly fields: readonly FieldSchema[];
}

export const FIELD_TYPES = [
  'string',
  'int',
  'long',
  'float',
  'double',
  'boolean',
  'decimal',
  'timestamp',
  'date',
  'enum',
] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** What formats that hold a timestamp as a number count in. */
export type TimeUnit = 'millis' | 'micros' | 'nanos';

/**
 * A field's value in a record, by type: string, enum, decimal, timestamp and date as strings (a decimal exactly as it
 * was written; a timestamp in ISO 8601; a date as `2026-01-31`), int, float and double as numbers, long as a bigint,
 * boolean as a boolean; null where the field is optional and nothing came.
 */
export type FieldValue = string | number | bigint | boolean | null;

export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  /** Nothing, or a null word, becomes null; otherwise it rejects the row. */
  readonly optional: boolean;
  /** Used when nothing came; wins over `optional`. */
  readonly default?: FieldValue;
  /** Of an enum: the values allowed. */
  readonly symbols?: readonly string[];
  /** Of an enum: the full name of its type, where a schema file gives one. */
  readonly enumName?: string;
  /** Of a decimal: the most digits it has, and how many of them stand after the point. Both or none. */
  readonly precision?: number;
  readonly scale?: number;
  /** Of a timestamp; micros when not said. */
  readonly unit?: TimeUnit;
  /** Of a timestamp: it names no instant but the time on a clock at some place, Avro's local-timestamp. */
  readonly local?: boolean;
  /** What it is, for readers of the schema. */
  readonly doc?: string;
}
