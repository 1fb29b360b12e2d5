import { defineConverter, RowError } from '../plugin/index.ts';
import type { CellConverter } from '../rows/index.ts';

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  const kind = Array.isArray(value) ? 'a list' : typeof value;
  throw new RowError(
    'NotAString',
    `expected text, a number or a boolean, got ${kind}; use the json converter for it`,
  );
}

export default defineConverter({
  name: 'string',
  doc: 'The text itself in UTF-8. Numbers and booleans are written as text; anything with parts is refused.',
  config: {},
  create: (): CellConverter => ({
    copiesCell: (field) => field.case === null,
    serialize: (_topic, _schema, value) => (value === null || value === undefined ? null : textOf(value)),
  }),
});
