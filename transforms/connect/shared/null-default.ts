import type { RecordSchema, SourceRecord } from '../../../src/plugin/index.ts';
import { type Row, requireRow, withFields } from '../../shared/row.ts';
import type { Operand } from './operand.ts';

/** `replace.null.with.default`, as all that read fields have it. */
export const REPLACE_NULL = {
  doc: 'Whether a null of a field that has a default in the schema is taken for the default.',
  format: 'boolean',
  default: true,
} as const;

const defaulted = new WeakMap<RecordSchema, readonly (readonly [name: string, value: unknown])[]>();

/** The record's key or value as a row, with its schema's defaults where they are wanted; anything else rejects the record. */
export function rowWithDefaults(operand: Operand, record: SourceRecord, replacesNull: boolean): Row {
  const row = requireRow(operand.get(record), operand.side);
  return replacesNull ? withDefaults(row, operand.schemaOf(record)) : row;
}

/** The row with its schema's defaults in place of nulls. */
export function withDefaults(row: Row, schema: RecordSchema | null): Row {
  if (schema === null) return row;
  const replaced = defaultsOf(schema).filter(([name]) => (row[name] ?? null) === null);
  return replaced.length === 0 ? row : withFields(row, replaced);
}

function defaultsOf(schema: RecordSchema): readonly (readonly [string, unknown])[] {
  let defaults = defaulted.get(schema);
  if (defaults === undefined) {
    defaults = schema.fields.flatMap(({ name, default: value = null }) =>
      value === null ? [] : [[name, value] as const],
    );
    defaulted.set(schema, defaults);
  }
  return defaults;
}
