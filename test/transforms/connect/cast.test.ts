import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../../src/plugin/index.ts';
import { value as cast, key as onKey } from '../../../transforms/connect/cast.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf, TRADE } from './shared/support.ts';

describe('Cast$Value turns', () => {
  it.each<[unknown, string, unknown]>([
    ['-128', 'int8', -128],
    ['+127', 'int8', 127],
    [300, 'int8', 44],
    [200n, 'int8', -56],
    [1e10, 'int8', -1],
    ['32767', 'int16', 32767],
    [40000, 'int16', -25536],
    ['-2147483648', 'int32', -2147483648],
    [2.9, 'int32', 2],
    [-2.9, 'int32', -2],
    [1e10, 'int32', 2147483647],
    [4294967297n, 'int32', 1],
    [true, 'int32', 1],
    ['9223372036854775807', 'int64', 9223372036854775807n],
    [1e300, 'int64', 9223372036854775807n],
    [-1e300, 'int64', -9223372036854775808n],
    [7.9, 'int64', 7n],
    [false, 'int64', 0n],
    ['0.1', 'float32', Math.fround(0.1)],
    ['1e3', 'float64', 1000],
    [' .5d ', 'float64', 0.5],
    [9007199254740993n, 'float64', 9007199254740992],
    [true, 'float64', 1],
    ['True', 'boolean', true],
    ['1', 'boolean', false],
    [0.5, 'boolean', false],
    [-1, 'boolean', true],
    [0n, 'boolean', false],
    [9007199254740993n, 'string', '9007199254740993'],
    [true, 'string', 'true'],
    [2.5, 'string', '2.5'],
    [Buffer.from('ab'), 'string', 'YWI='],
    [null, 'int32', null],
    [undefined, 'int32', null],
  ])('%s, cast to %s, into %s', async (value, type, after) => {
    const before = { value: { a: value, b: 'x' } };
    expect(await outcome(cast, { spec: [`a:${type}`] }, before)).toEqual(
      expected(before, { value: { a: after, b: 'x' } }),
    );
    const whole = { value: value ?? null };
    expect(await outcome(cast, { spec: [type] }, whole)).toEqual(expected(whole, { value: after }));
  });

  it.each<[unknown, string, string]>([
    ['128', 'int8', 'a: expected a value that can be cast to int8, got "128"'],
    ['1.0', 'int32', 'a: expected a value that can be cast to int32, got "1.0"'],
    [' 1', 'int32', 'a: expected a value that can be cast to int32, got " 1"'],
    ['', 'int64', 'a: expected a value that can be cast to int64, got ""'],
    ['0x10', 'float64', 'a: expected a value that can be cast to float64, got "0x10"'],
    ['1e999', 'float64', 'a: expected a value that can be cast to float64, got "1e999"'],
    ['1e39', 'float32', 'a: expected a value that can be cast to float32, got "1e39"'],
    [[1], 'int32', 'a: expected a value that can be cast to int32, got a list'],
    [Buffer.from('a'), 'boolean', 'a: expected a value that can be cast to boolean, got bytes'],
    [{ b: 1 }, 'string', 'a: expected a value without parts, got an object'],
  ])('%j, cast to %s, into a rejection', async (value, type, message) => {
    const rejection = await outcome(cast, { spec: [`a:${type}`] }, { value: { a: value } });
    expect(rejection).toBe(`UncastableValue: ${message}`);
  });
});

describe('Cast$Value', () => {
  const logical = schemaOf({ price: 'decimal', day: 'date', at: 'timestamp' });
  const row = { price: '-12.75', day: '1970-01-03', at: '1970-01-01T00:00:01.5' };

  it.each<Case>([
    [
      'retypes fields of the schema and passes over those it lacks',
      { spec: ['volume:STRING', 'x:int8'] },
      { value: { symbol: 'BHP', volume: 5n }, valueSchema: TRADE },
      {
        value: { symbol: 'BHP', volume: '5' },
        valueSchema: {
          ...TRADE,
          fields: TRADE.fields.map((field) =>
            field.name === 'volume' ? { ...field, type: 'string' } : field,
          ),
        },
      },
    ],
    [
      'casts a default with its field, and drops the symbols of an enum',
      { spec: ['a:int32'] },
      {
        value: { a: '5' },
        valueSchema: {
          name: 'Row',
          fields: [{ name: 'a', type: 'enum', symbols: ['5', '6'], optional: true, default: '6' }],
        },
      },
      {
        value: { a: 5 },
        valueSchema: { name: 'Row', fields: [{ name: 'a', type: 'int', optional: true, default: 6 }] },
      },
    ],
    [
      'takes decimals, dates and timestamps for the numbers they are in Connect',
      { spec: ['price:int32', 'day:int32', 'at:int64'] },
      { value: row, valueSchema: logical },
      {
        value: { price: -12, day: 2, at: 1500n },
        valueSchema: schemaOf({ price: 'int', day: 'int', at: 'long' }),
      },
    ],
    [
      'keeps the text of decimals, dates and timestamps',
      { spec: ['price:string', 'day:string', 'at:string'] },
      { value: row, valueSchema: logical },
      { value: row, valueSchema: schemaOf({ price: 'string', day: 'string', at: 'string' }) },
    ],
    [
      'makes a field of null where there is none',
      { spec: ['b:int8'] },
      { value: { a: '1' } },
      { value: { a: '1', b: null } },
    ],
    ['lets a tombstone pass', { spec: ['a:int8'] }, { value: null, valueSchema: TRADE }, {}],
    ['lets a tombstone pass whole', { spec: ['int8'] }, { value: null }, {}],
    [
      'does not cast fields of text',
      { spec: ['a:int8'] },
      { value: 'x' },
      'NotARow: value: expected an object with fields, got a string',
    ],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(cast, options, before)).toEqual(expected(before, after));
  });

  it('gives records of one schema one schema', async () => {
    const transformation = await makeTransformation(cast, { spec: ['volume:int32'] });
    const schemas = [1n, 2n].map((volume) => {
      const record = { ...recordOf({ symbol: 'BHP', volume }), valueSchema: TRADE };
      return (transformation.apply(record) as SourceRecord).valueSchema;
    });
    expect(schemas[0]).toBe(schemas[1]);
  });

  it('has a counterpart for keys', async () => {
    const before = { key: '7', value: { symbol: 'BHP' }, valueSchema: TRADE };
    expect(await outcome(onKey, { spec: ['int64'] }, before)).toEqual(expected(before, { key: 7n }));
  });

  it.each([
    [[], 'spec: expected at least one field:type, got an empty list'],
    [['a:b:int8'], 'spec: expected pairs such as price:float64, got "a:b:int8"'],
    [[':int8'], 'spec: expected pairs such as price:float64, got ":int8"'],
    [['a:int8', 'int8'], 'spec: a type without a field, int8, must stand alone'],
    [
      ['a:bytes'],
      'spec: expected field:type with one of int8, int16, int32, int64, float32, float64, boolean, string, got "a:bytes"',
    ],
  ])('does not take %j for a spec', (spec, problem) => {
    expect(problemsOf(cast, { spec })).toEqual([problem]);
  });
});
