import { describe, expect, it } from 'vitest';
import constants from '../../../transforms/constants/index.ts';
import { type Case, expected, outcome, schemaOf } from '../connect/shared/support.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';

const fields = { exchange: 'asx', asset_class: 'equities' };
const valueSchema = schemaOf({ symbol: 'string' });

describe('constants', () => {
  it.each<Case>([
    [
      'adds fields with fixed text',
      { fields },
      { value: { symbol: 'BHP' } },
      { value: { symbol: 'BHP', exchange: 'asx', asset_class: 'equities' } },
    ],
    [
      'adds them to the schema as required strings',
      { fields: { exchange: 'asx' } },
      { value: { symbol: 'BHP' }, valueSchema },
      {
        value: { symbol: 'BHP', exchange: 'asx' },
        valueSchema: {
          name: 'Row',
          fields: [...valueSchema.fields, { name: 'exchange', type: 'string', optional: false }],
        },
      },
    ],
    [
      'fills an empty cell',
      { fields },
      { value: { exchange: '' } },
      { value: { ...fields, exchange: 'asx' } },
    ],
    [
      'fills a null, under the schema that is there',
      { fields: { exchange: 'asx' } },
      { value: { exchange: null }, valueSchema: schemaOf({ exchange: 'string' }) },
      { value: { exchange: 'asx' } },
    ],
    [
      'does not write over a value',
      { fields },
      { value: { exchange: 'nyse' } },
      'DuplicateField: the row has a value in field "exchange" already; rename or drop one of the two',
    ],
    [
      'does not put text where the schema has a number',
      { fields },
      { value: { exchange: null }, valueSchema: schemaOf({ exchange: 'int' }) },
      'DuplicateField: the schema has a field "exchange" of type int already, expected string; rename or drop one of the two',
    ],
    ['lets a tombstone pass', { fields }, { value: null, valueSchema }, {}],
    [
      'refuses text',
      { fields },
      { value: 'x' },
      'NotARow: value: expected an object with fields, got a string',
    ],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(constants, options, before)).toEqual(expected(before, after));
  });

  it('gives records of one schema one schema, since converters compile what they write for it', async () => {
    const transformation = await makeTransformation(constants, { fields });
    const schemas = [1, 2].map(() => {
      const record = { ...recordOf({ symbol: 'BHP' }), valueSchema };
      transformation.apply(record);
      return record.valueSchema;
    });
    expect(schemas[0]).not.toBe(valueSchema);
    expect(schemas[0]).toBe(schemas[1]);
  });

  it('leaves alone the row that several records share', async () => {
    const transformation = await makeTransformation(constants, { fields });
    const value = { symbol: 'BHP' };
    const records = [recordOf(value), recordOf(value)];
    for (const record of records) transformation.apply(record);
    expect(records.map((record) => record.value)).toEqual([1, 2].map(() => ({ symbol: 'BHP', ...fields })));
  });

  it('takes __proto__ for a name like any other', async () => {
    const options = { fields: Object.fromEntries([['__proto__', 'x']]) };
    const transformation = await makeTransformation(constants, options);
    const record = recordOf({});
    transformation.apply(record);
    expect(Object.entries(record.value as object)).toEqual([['__proto__', 'x']]);
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'fields: expected at least one, as `fields.<name>: <text>`'],
    [{ exchange: '' }, 'fields.exchange: expected a text, got nothing'],
  ])('does not take the fields %j', (wrong, problem) => {
    expect(problemsOf(constants, { fields: wrong })).toEqual([problem]);
  });
});
