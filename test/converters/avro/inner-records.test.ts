import { describe, expect, it } from 'vitest';
import { compileAvroCells } from '../../../src/converters/avro/cells.ts';
import { fitRecord } from '../../../src/converters/avro/fit.ts';
import { compileAvroRecord } from '../../../src/converters/avro/record.ts';
import { jsonSchemaForm } from '../../../src/converters/json/forms.ts';
import json from '../../../src/converters/json/index.ts';
import { compileClosedRecord } from '../../../src/converters/json/record.ts';
import { jsonSchemaOf, schemaMisfits } from '../../../src/converters/json-schema/schema-text.ts';
import type { FieldSchema, InnerRecord, RecordSchema } from '../../../src/plugin/index.ts';
import type { CellConverter, CellPlan } from '../../../src/rows/index.ts';
import { testContext } from '../../../src/testing/test-context.ts';
import { cellsOf, planOf, releaseCells, TOPIC, writtenCells } from '../cells/cells.ts';
import { decoded } from './decoding.ts';

const price: InnerRecord = { name: 'price', optional: false, typeName: 'Price', doc: 'What was paid.' };
const unit: InnerRecord = { name: 'unit', optional: false };
const field = (name: string, within: readonly InnerRecord[] = []): FieldSchema => ({
  name,
  type: 'string',
  optional: false,
  ...(within.length > 0 && { within }),
});

const FIELDS = [
  field('id'),
  field('price.amount', [price]),
  field('price.unit.code', [price, unit]),
  field('n'),
];
const NESTED: RecordSchema = { name: 'Trade', fields: FIELDS };
const VALUE = { id: 'a', 'price.amount': '1', 'price.unit.code': 'EUR', n: '7' };
const TEXT = '{"id":"a","price":{"amount":"1","unit":{"code":"EUR"}},"n":"7"}';

const maybe: InnerRecord = { ...price, optional: true };
const OPTIONAL: RecordSchema = { name: 'Trade', fields: [field('price.amount', [maybe]), field('n')] };

function plain(schemasEnable = false): CellConverter {
  const context = { ...testContext(), side: 'value' as const };
  return json.create({ schemasEnable, decimalFormat: 'string' }, context);
}

describe('a record in the record', () => {
  it('is an object in JSON, of records and of cells', () => {
    const converter = plain();
    expect(converter.serialize(TOPIC, NESTED, VALUE)).toBe(TEXT);
    const writer = converter.compileCells?.(planOf(NESTED));
    const cells = cellsOf([['a', '1', 'EUR', '7']]);
    expect(String(writtenCells(writer as NonNullable<typeof writer>, cells, 0, 4))).toBe(TEXT);
    const shorter: CellPlan = { ...planOf(NESTED), fields: planOf(NESTED).fields.slice(0, 3) };
    const cut = converter.compileCells?.(shorter);
    expect(String(writtenCells(cut as NonNullable<typeof cut>, cells, 0, 4))).toBe(
      '{"id":"a","price":{"amount":"1","unit":{"code":"EUR"}}}',
    );
    releaseCells(cells);
  });

  it('is the same in Avro of records and of cells, in a union too', () => {
    const schema = {
      type: 'record',
      name: 'Trade',
      fields: [
        { name: 'id', type: 'string' },
        {
          name: 'price',
          type: [
            'null',
            {
              type: 'record',
              name: 'Price',
              fields: [
                { name: 'amount', type: ['string', 'null'] },
                {
                  name: 'unit',
                  type: { type: 'record', name: 'Unit', fields: [{ name: 'code', type: 'string' }] },
                },
              ],
            },
          ],
        },
        { name: 'n', type: 'string' },
      ],
    };
    const header = Buffer.from([0]);
    const fit = fitRecord(NESTED, JSON.stringify(schema));
    if ('problems' in fit) throw new Error(fit.problems.join());
    const bytes = Buffer.from(compileAvroRecord(header, fit.places)(VALUE));
    expect(decoded(JSON.stringify(schema), bytes.subarray(1))).toEqual({
      id: 'a',
      price: { amount: '1', unit: { code: 'EUR' } },
      n: '7',
    });
    const writer = compileAvroCells(header, fit.places, planOf(NESTED));
    const cells = cellsOf([['a', '1', 'EUR', '7']]);
    expect(writtenCells(writer as NonNullable<typeof writer>, cells, 0, 4)).toEqual(bytes);
    releaseCells(cells);
    const nullable = fitRecord(OPTIONAL, JSON.stringify({ ...schema, fields: schema.fields.slice(1) }));
    expect('places' in nullable ? nullable.places : nullable.problems).toEqual([
      'price.unit is missing in the records, and has no default',
    ]);
  });

  it('is null where all of its fields are, and may be', () => {
    const converter = plain();
    expect(converter.serialize(TOPIC, OPTIONAL, { 'price.amount': null, n: '7' })).toBe(
      '{"price":null,"n":"7"}',
    );
    expect(converter.serialize(TOPIC, OPTIONAL, { 'price.amount': '1', n: '7' })).toBe(
      '{"price":{"amount":"1"},"n":"7"}',
    );
    expect(converter.compileCells?.(planOf(OPTIONAL))).toBeNull();
  });

  it("is a struct in Connect's schema", () => {
    const text = String(plain(true).serialize(TOPIC, NESTED, VALUE));
    const { schema, payload } = JSON.parse(text);
    expect(JSON.stringify(payload)).toBe(TEXT);
    expect(schema.fields[1]).toEqual({
      type: 'struct',
      fields: [
        { type: 'string', optional: false, field: 'amount' },
        {
          type: 'struct',
          fields: [{ type: 'string', optional: false, field: 'code' }],
          optional: false,
          field: 'unit',
        },
      ],
      optional: false,
      name: 'Price',
      doc: 'What was paid.',
      field: 'price',
    });
  });

  it('is an object in JSON Schema, and must be one in a schema of the registry', () => {
    const text = jsonSchemaOf(OPTIONAL);
    expect(JSON.parse(text)).toMatchObject({
      properties: {
        price: { type: ['object', 'null'], properties: { amount: { type: 'string' } }, required: ['amount'] },
      },
      required: ['n'],
    });
    expect(schemaMisfits(OPTIONAL, text)).toEqual([]);
    expect(schemaMisfits({ ...NESTED, fields: FIELDS.slice(1) }, jsonSchemaOf(NESTED))).toEqual([
      'id is missing in the records',
    ]);
    expect(schemaMisfits(NESTED, text.replace('"amount":', '"sum":'))).toContain('price.amount is not in it');
    expect(compileClosedRecord(OPTIONAL, jsonSchemaForm)({ n: '7' })).toBe('{"price":null,"n":"7"}');
  });

  it('is left by a field that is renamed', () => {
    const renamed = {
      ...NESTED,
      fields: FIELDS.map((one) => (one.name === 'price.amount' ? { ...one, name: 'paid' } : one)),
    };
    const { 'price.amount': paid, ...others } = VALUE;
    expect(plain().serialize(TOPIC, renamed, { ...others, paid })).toBe(
      '{"id":"a","paid":"1","price":{"unit":{"code":"EUR"}},"n":"7"}',
    );
  });
});
