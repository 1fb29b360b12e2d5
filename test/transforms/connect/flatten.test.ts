import { describe, expect, it } from 'vitest';
import { value as flatten, key as onKey } from '../../../transforms/connect/flatten.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const nested = { a: 1, b: { c: 'x', d: { e: null, f: 2n } }, g: null };

describe('Flatten$Value', () => {
  it.each<Case>([
    [
      'nested objects',
      {},
      { value: nested },
      { value: { a: 1, 'b.c': 'x', 'b.d.e': null, 'b.d.f': 2n, g: null } },
    ],
    ['with another delimiter', { delimiter: '_' }, { value: { b: { c: 1 } } }, { value: { b_c: 1 } }],
    ['an empty object to nothing', {}, { value: { a: {}, b: 1 } }, { value: { b: 1 } }],
    [
      'no lists and no bytes',
      {},
      { value: { a: { b: [{ c: 1 }], d: Buffer.from('x') } } },
      { value: { 'a.b': [{ c: 1 }], 'a.d': Buffer.from('x') } },
    ],
    [
      'what is beside a schema',
      {},
      { value: { a: '1', b: { c: 1 } }, valueSchema: schemaOf({ a: 'string' }) },
      { value: { a: '1', 'b.c': 1 } },
    ],
    ['no tombstone', {}, { value: null }, {}],
    ['no text', {}, { value: 'x' }, 'NotARow: value: expected an object with fields, got a string'],
  ])('flattens %s', async (_, options, before, after) => {
    expect(await outcome(flatten, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: { a: { b: 1 } }, value: { a: { b: 1 } } };
    expect(await outcome(onKey, {}, before)).toEqual(expected(before, { key: { 'a.b': 1 } }));
  });
});
