import { describe, expect, it } from 'vitest';
import { value as maskField, key as onKey } from '../../../transforms/connect/mask-field.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const value = { s: 'x', n: 1.5, l: 2n, b: true, list: [1], object: { a: 1 }, none: null };
const typed = { i: 5, f: 1.5, p: '2.50', at: '2026-01-31T09:30:00Z', day: '2026-01-31', side: 'buy' };
const valueSchema = schemaOf({
  i: 'int',
  f: 'float',
  p: 'decimal',
  at: 'timestamp',
  day: 'date',
  side: 'enum',
});
const masked = {
  ...valueSchema,
  fields: valueSchema.fields.map((f) => (f.type === 'enum' ? { ...f, type: 'string' } : f)),
};

describe('MaskField$Value', () => {
  it.each<Case>([
    [
      'masks with nothing of the type',
      { fields: Object.keys(value) },
      { value },
      { value: { s: '', n: 0, l: 0n, b: false, list: [], object: {}, none: null } },
    ],
    [
      'masks with nothing of the type in the schema',
      { fields: Object.keys(typed) },
      { value: typed, valueSchema },
      {
        value: { i: 0, f: 0, p: '0', at: '1970-01-01T00:00:00.000Z', day: '1970-01-01', side: '' },
        valueSchema: masked as typeof valueSchema,
      },
    ],
    [
      'masks with a replacement',
      { fields: ['s', 'l', 'none'], replacement: '-7.9' },
      { value },
      { value: { ...value, s: '-7.9', l: -7n } },
    ],
    [
      'masks with a replacement of the type in the schema',
      { fields: ['i', 'f', 'p'], replacement: '0.1' },
      { value: typed, valueSchema },
      { value: { ...typed, i: 0, f: Math.fround(0.1), p: '0.1' } },
    ],
    [
      'masks a decimal with 0',
      { fields: ['p'], replacement: '0' },
      { value: typed, valueSchema },
      { value: { ...typed, p: '0' } },
    ],
    ['makes a field of null where there is none', { fields: ['x'] }, { value: {} }, { value: { x: null } }],
    ['adds no field to a schema', { fields: ['x'] }, { value: typed, valueSchema }, {}],
    [
      'takes no word for a number',
      { fields: ['n'], replacement: 'x' },
      { value },
      'UnmaskableField: n: expected a replacement that is a number, got "x"',
    ],
    [
      'takes no word for a decimal',
      { fields: ['p'], replacement: 'x' },
      { value: typed, valueSchema },
      'UnmaskableField: p: expected a replacement that is a number, got "x"',
    ],
    [
      'replaces no boolean',
      { fields: ['b'], replacement: '1' },
      { value },
      'UnmaskableField: b: expected text or a number to mask, got a boolean',
    ],
    [
      'replaces no timestamp',
      { fields: ['at'], replacement: '1' },
      { value: typed, valueSchema },
      'UnmaskableField: at: expected text or a number to mask, got a timestamp',
    ],
    [
      'masks no bytes',
      { fields: ['a'] },
      { value: { a: Buffer.from('x') } },
      'UnmaskableField: a: expected text or a number to mask, got bytes',
    ],
    [
      'refuses a tombstone',
      { fields: ['a'] },
      { value: null },
      'NotARow: value: expected an object with fields, got null',
    ],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(maskField, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: { a: 'x' }, value: { a: 'x' } };
    expect(await outcome(onKey, { fields: ['a'] }, before)).toEqual(expected(before, { key: { a: '' } }));
  });

  it('wants fields, and a replacement that is something', () => {
    expect(problemsOf(maskField, { fields: [], replacement: '' })).toEqual([
      'fields: expected at least one name, got an empty list',
      'replacement: expected some text, got nothing',
    ]);
  });
});
