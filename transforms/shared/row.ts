import { RowError } from '../../src/plugin/index.ts';
import { entriesOf, orderedRow } from '../../src/values/ordered-row.ts';
import { kindOf } from '../../src/values/shown.ts';

/** What Connect calls a Struct or a Map: an object with fields. */
export type Row = Readonly<Record<string, unknown>>;

/** Whether a value has fields: not null, not a list, not bytes. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The value as a row; anything else rejects the record. `what` is the side of the record: key or value. */
export function requireRow(value: unknown, what: string): Row {
  if (isRow(value)) return value;
  throw new RowError('NotARow', `${what}: expected an object with fields, got ${kindOf(value)}`);
}

/** A field's value: its own, so that a field named `constructor` is one like any other; null when there is none. */
export function fieldOf(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? (row[name] ?? null) : null;
}

/** A copy with some fields set; a new field comes last. */
export function withFields(row: Row, fields: Iterable<readonly [string, unknown]>): Row {
  return orderedRow([...entriesOf(row), ...fields]);
}
