import { RowError } from '../plugin/index.ts';
import { shown } from './shown.ts';

export type Row = Readonly<Record<string, unknown>>;

export function rowOf(value: unknown): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new RowError('NotARow', `expected an object with the fields of the schema, got ${shown(value)}`);
}

/**
 * Throws a RowError for fields beside those of the schema, which would be lost: a transformation has added them to the
 * record alone. `taken` of the row's fields are known to be in the schema.
 */
export function refuseOthers(row: Row, names: ReadonlySet<string>, taken: number): void {
  const keys = Object.keys(row);
  if (keys.length === taken) return;
  const others = keys.filter((key) => !names.has(key) && row[key] !== undefined);
  if (others.length === 0) return;
  throw new RowError(
    'UnknownFields',
    `${others.join(', ')}: not in the schema; add fields before the transformation of type schema, and name them there`,
  );
}

/** A value is not what its field's schema says. */
export function misfit(name: string, expected: string, value: unknown): RowError {
  return new RowError('InvalidFields', `${name}: expected ${expected}, got ${shown(value)}`);
}
