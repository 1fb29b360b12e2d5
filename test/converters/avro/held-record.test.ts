import avro from 'avsc';
import { describe, expect, test } from 'vitest';
import { heldByAvro } from '../../../src/converters/avro/held-record.ts';
import { avroSchemaOf } from '../../../src/converters/avro/schema.ts';
import type { FieldSchema } from '../../../src/plugin/index.ts';

function held(...fields: readonly (Partial<FieldSchema> & { name: string })[]) {
  const typed = fields.map((field) => ({ type: 'string', optional: false, ...field }) as FieldSchema);
  const { record, changes } = heldByAvro({ name: 'Row', fields: typed });
  const text = avroSchemaOf(record);
  avro.Type.forSchema(JSON.parse(text));
  return { record, changes, fields: JSON.parse(text).fields as readonly Record<string, unknown>[] };
}

describe('names that Avro does not allow', () => {
  test.each([
    ['Net Price', 'Net_Price'],
    ['Größe (€)', 'Gro_e'],
    ['Prix à payer', 'Prix_a_payer'],
    ['1st', '_1st'],
    ['price.amount', 'price_amount'],
    ['価格', 'column_1'],
    ['constructor-', 'constructor'],
  ])('%s is %s, with the column as a property', (name, mended) => {
    const { fields, changes } = held({ name });
    expect(fields).toEqual([{ name: mended, type: 'string', 'headrace.column': name }]);
    expect(changes).toEqual([
      `column ${JSON.stringify(name)} is field ${mended}, as Avro allows letters, digits and _`,
    ]);
  });

  test('never take the name of another field', () => {
    const names = ['a b', 'a_b', 'a-b', 'A b'].map((name) => ({ name }));
    expect(held(...names).fields.map(({ name }) => name)).toEqual(['a_b_2', 'a_b', 'a_b_3', 'A_b']);
  });
});

test('A record that Avro holds stays the same', () => {
  const record = { name: 'Row', fields: [{ name: 'a', type: 'long', optional: true }] } as const;
  expect(heldByAvro(record)).toEqual({ record, changes: [] });
  expect(heldByAvro(record).record).toBe(record);
});

test('An optional decimal of any digits is a big-decimal, and an enum of other symbols is text', () => {
  const { fields, changes } = held(
    { name: 'amount', type: 'decimal', optional: true, doc: 'What is paid.' },
    { name: 'side', type: 'enum', symbols: ['buy', 'sell short'], default: 'buy' },
  );
  expect(fields).toEqual([
    {
      name: 'amount',
      type: ['null', { type: 'bytes', logicalType: 'big-decimal' }],
      doc: 'What is paid.',
      default: null,
    },
    { name: 'side', type: 'string', default: 'buy' },
  ]);
  expect(changes).toEqual([
    'decimal amount is a big-decimal, as it has no precision and scale',
    'enum side is text, as Avro allows no symbol such as "sell short"',
  ]);
});
