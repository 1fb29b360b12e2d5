import type { FieldSchema, FieldType, RecordSchema, SourceRecord } from '../../src/plugin/index.ts';
import { isRow } from '../../transforms/shared/row.ts';
import type { CaseRecord } from './connect-case.ts';

/*
 * What our values are in Kafka Connect. A value of Connect is written here as an object of one property named by its
 * Java type. docs/connect-transformations.md tells users the same.
 */

export type JavaValue = Readonly<Record<string, unknown>> | null;

/** A record as the harness reads it; what is null is left out. */
export interface JavaRecord {
  readonly topic?: string | null;
  readonly partition?: number | null;
  readonly timestamp?: number | null;
  /** Only after a transformation has made one: our keys have none. */
  readonly keySchema?: unknown;
  readonly key?: JavaValue;
  readonly value?: JavaValue;
  readonly valueSchema?: unknown;
  readonly headers?: readonly (readonly [string, unknown])[];
}

const JAVA_TYPES: Readonly<Record<FieldType, string>> = {
  string: 'string',
  enum: 'string',
  int: 'int32',
  long: 'int64',
  float: 'float32',
  double: 'float64',
  boolean: 'boolean',
  decimal: 'decimal',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  uuid: 'string',
  duration: 'string',
  bytes: 'bytes',
};

/** What a case's record is before it is transformed. */
export function wholeRecord(record: CaseRecord): Omit<SourceRecord, 'origin'> {
  return {
    ...{ topic: 'market.trades', partition: null, key: null, value: null, valueSchema: null },
    ...{ headers: [], timestamp: null },
    ...record,
  };
}

export function toConnect(record: CaseRecord): JavaRecord {
  const { topic, partition, timestamp, key, value, valueSchema, headers } = wholeRecord(record);
  const parts = {
    ...{ topic, partition, timestamp },
    key: javaValue(key),
    value: valueSchema === null ? javaValue(value) : javaStruct(value, valueSchema),
    valueSchema: valueSchema === null ? null : javaSchema(valueSchema),
    headers: headers.length === 0 ? null : headers.map((header) => [header.name, header.value]),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null));
}

function javaSchema({ name, doc, fields }: RecordSchema): unknown {
  return { name, doc, fields: fields.map(javaField) };
}

function javaField({ name, type, optional, default: absent, scale, doc }: FieldSchema): unknown {
  const value = absent === undefined ? undefined : javaScalar(type, absent);
  return { name, type: JAVA_TYPES[type], optional, scale, doc, default: value };
}

function javaStruct(value: unknown, { fields }: RecordSchema): JavaValue {
  if (!isRow(value)) return javaValue(value);
  const entries = fields.map(({ name, type }) => [name, javaScalar(type, value[name] ?? null)]);
  return { struct: Object.fromEntries(entries) };
}

function javaScalar(type: FieldType, value: unknown): JavaValue {
  if (value === null) return null;
  const javaType = JAVA_TYPES[type];
  if (javaType === 'timestamp' || javaType === 'date') return { time: Date.parse(String(value)) };
  return { [javaType]: typeof value === 'boolean' ? value : String(value) };
}

/** Without a schema: whole numbers are Integers, others Doubles, bigints Longs. */
function javaValue(value: unknown): JavaValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'boolean') return { boolean: value };
  if (typeof value === 'bigint') return { int64: value.toString() };
  if (typeof value === 'number') return value === (value | 0) ? { int32: value } : { float64: String(value) };
  if (value instanceof Date) return { time: value.getTime() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { list: value.map(javaValue) };
  return { map: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, javaValue(inner)])) };
}
