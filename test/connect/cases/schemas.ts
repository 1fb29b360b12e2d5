import type { FieldType, FieldValue, RecordSchema } from '../../../src/plugin/index.ts';
import type { Row } from '../connect-case.ts';

/** A schema of these fields; `?` after a type makes it optional. */
export function schemaOf(fields: Readonly<Record<string, FieldType | `${FieldType}?`>>): RecordSchema {
  const list = Object.entries(fields).map(([name, spec]) => {
    const type = spec.replace('?', '') as FieldType;
    const scale = type === 'decimal' ? { precision: 10, scale: 2 } : {};
    return { name, type, optional: spec.endsWith('?'), ...scale };
  });
  return { name: 'market.Row', doc: 'A row.', fields: list };
}

/** A schema of one optional field with a default. */
export function defaultedSchema(name: string, type: FieldType, absent: FieldValue): RecordSchema {
  return { name: 'market.Row', fields: [{ name, type, optional: true, default: absent }] };
}

export const BLANK = 'an option that is required may not be blank';
export const NAMELESS = 'a field needs a name';

/** A field of every type. */
export const EVERY_TYPE = schemaOf({
  text: 'string',
  side: 'enum?',
  count: 'int',
  volume: 'long?',
  ratio: 'float',
  price: 'double',
  open: 'boolean',
  exact: 'decimal?',
  at: 'timestamp?',
  day: 'date?',
});

export const EVERY_VALUE: Readonly<Record<string, FieldValue>> = {
  text: 'BHP',
  side: 'buy',
  count: 7,
  volume: 9007199254740993n,
  ratio: 0.25,
  price: 45.125,
  open: true,
  exact: '12.75',
  at: '2026-01-31T09:30:00.123Z',
  day: '2026-01-31',
};

/** The same with `replace.null.with.default` left to its default, on and off. */
export function replacing(config: Row[0], record: Row[1]): Row[] {
  const key = 'replace.null.with.default';
  return [
    [config, record],
    [{ ...config, [key]: 'true' }, record],
    [{ ...config, [key]: 'false' }, record],
  ];
}

/** A field that is null and has a default. */
export const ABSENT = { value: { a: null }, valueSchema: defaultedSchema('a', 'string', 'none') };
