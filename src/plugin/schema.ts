/** The schema of a record's value: its fields in order. */
export interface RecordSchema {
  /** The record's full name, as Avro spells it (`market.Trade`). */
  readonly name: string;
  /** What it is, for readers of the schema. */
  readonly doc?: string;
  readonly fields: readonly FieldSchema[];
  /** The Avro schema file that it was read from. */
  readonly avro?: AvroSource;
}

/** An Avro schema, for whoever registers it: all that it says is to be kept. */
export interface AvroSource {
  /** As it stands in the file. */
  readonly text: string;
  /** What the file says of the record, but for its name and fields; numbers that a double does not hold are raw JSON. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The record's full name. */
  readonly name: string;
  /** `shapeOfFields` of the fields that are made of the file alone. */
  readonly shape: string;
}

/** A field as an Avro schema file has it. */
export interface AvroFieldSource {
  /** All that it says but for its name and type. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its type, every name in it full and defined in place. */
  readonly type: unknown;
  /** `shapeOf` the field: once that is another, the type is another too. */
  readonly shape: string;
}

/** A record within the record: its fields stand among those of the record, called by their path (`price.currency`). */
export interface InnerRecord {
  readonly name: string;
  /** It is null where all of its fields are. */
  readonly optional: boolean;
  readonly doc?: string;
  /** The full name of its type. */
  readonly typeName?: string;
  readonly avro?: Omit<AvroFieldSource, 'shape'>;
}

export type FieldType =
  | 'string'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'decimal'
  | 'timestamp'
  | 'date'
  | 'enum'
  | 'time'
  | 'uuid'
  | 'duration'
  | 'bytes';

/** What formats that hold a timestamp as a number count in. */
export type TimeUnit = 'millis' | 'micros' | 'nanos';

/**
 * A field's value in a record, by type: string, enum, uuid, decimal, timestamp, date, time and duration as strings (a
 * decimal exactly as it was written; a timestamp and a duration in ISO 8601; a date as `2026-01-31`, a time as
 * `09:30:00.000`), bytes as a string in base64, int, float and double as numbers, long as a bigint, boolean as a
 * boolean; null where the field is optional and nothing came.
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
  /** Of a timestamp or a time, which has no nanos; micros when not said. */
  readonly unit?: TimeUnit;
  /** Of a timestamp: it names no instant but the time on a clock at some place, Avro's local-timestamp. */
  readonly local?: boolean;
  /** Of bytes: how many there are, where that is fixed. */
  readonly size?: number;
  /** No option and no schema file names it: it is a column that the file has besides. */
  readonly added?: true;
  /** What it is, for readers of the schema. */
  readonly doc?: string;
  /** The records that it is in, the outermost first, where the name is the path through them. */
  readonly within?: readonly InnerRecord[];
  readonly avro?: AvroFieldSource;
}
