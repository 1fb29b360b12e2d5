import { RowError } from '../../plugin/index.ts';
import { rowError } from '../../values/shown.ts';

export type Row = Readonly<Record<string, unknown>>;

export function rowOf(value: unknown): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw rowError('NotARow', (show) => `expected an object with the fields of the schema, got ${show(value)}`);
}

/**
 * Throws a RowError for fields beside those of the schema, which would be lost: a transformation has added them to the
 * record alone.
 */
export function refuseOthers(row: Row, names: ReadonlySet<string>): void {
  let others: string[] | null = null;
  for (const name in row) {
    if (names.has(name) || row[name] === undefined) continue;
    others ??= [];
    others.push(name);
  }
  if (others === null) return;
  throw new RowError(
    'UnknownFields',
    `${others.join(', ')}: not in the schema; add fields before the transformation of type schema, and name them there`,
  );
}

/** A value is not what its field's schema says. */
export function misfit(name: string, expected: string, value: unknown): RowError {
  return rowError('InvalidFields', (show) => `${name}: expected ${expected}, got ${show(value)}`);
}
