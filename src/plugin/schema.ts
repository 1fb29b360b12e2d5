/** The schema of a record's value: its fields in order. */
export interface RecordSchema {
  /** The record's full name, as Avro spells it (`market.Trade`). */
  readonly name: string;
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
}
