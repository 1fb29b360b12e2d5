import type { RecordSchema, SourceRecord } from '../../../src/plugin/index.ts';

/** The side of a record that a transformation works on: Kafka Connect's `$Key` and `$Value`. */
export interface Operand {
  /** As Connect's class names end. */
  readonly suffix: 'Key' | 'Value';
  /** As a sentence names it. */
  readonly side: 'key' | 'value';
  get(record: SourceRecord): unknown;
  /** Keys have no schema. */
  schemaOf(record: SourceRecord): RecordSchema | null;
  /** Changes the record in place and gives it back. */
  set(record: SourceRecord, value: unknown, schema: RecordSchema | null): SourceRecord;
}

export const KEY: Operand = {
  suffix: 'Key',
  side: 'key',
  get: (record) => record.key,
  schemaOf: () => null,
  set(record, key) {
    record.key = key;
    return record;
  },
};

export const VALUE: Operand = {
  suffix: 'Value',
  side: 'value',
  get: (record) => record.value,
  schemaOf: (record) => record.valueSchema,
  set(record, value, schema) {
    record.value = value;
    record.valueSchema = schema;
    return record;
  },
};
