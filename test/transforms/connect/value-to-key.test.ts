import { describe, expect, it } from 'vitest';
import valueToKey from '../../../transforms/connect/value-to-key.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, TRADE } from './shared/support.ts';

describe('ValueToKey', () => {
  it.each<Case>([
    ['of one field', { fields: ['a'] }, { value: { a: '1', b: '2' } }, { key: { a: '1' } }],
    [
      'of several, in their order',
      { fields: ['b', 'a'] },
      { value: { a: '1', b: '2' } },
      { key: { b: '2', a: '1' } },
    ],
    [
      'with null for what is missing',
      { fields: ['a', 'toString'] },
      { value: { a: '1' } },
      { key: { a: '1', toString: null } },
    ],
    ['instead of the key before', { fields: ['a'] }, { key: 'x', value: { a: 1n } }, { key: { a: 1n } }],
    [
      'and keeps the schema',
      { fields: ['symbol'] },
      { value: { symbol: 'BHP' }, valueSchema: TRADE },
      { key: { symbol: 'BHP' } },
    ],
    [
      'not of a field unknown to the schema',
      { fields: ['x'] },
      { value: { symbol: 'BHP' }, valueSchema: TRADE },
      'UnknownField: value: the schema has no field "x"',
    ],
    [
      'not of a tombstone',
      { fields: ['a'] },
      { value: null },
      'NotARow: value: expected an object with fields, got null',
    ],
    [
      'not of text',
      { fields: ['a'] },
      { value: 'x' },
      'NotARow: value: expected an object with fields, got a string',
    ],
  ])('makes a key %s', async (_, options, before, after) => {
    expect(await outcome(valueToKey, options, before)).toEqual(expected(before, after));
  });

  it('wants a field', () => {
    expect(problemsOf(valueToKey, { fields: [] })).toEqual([
      'fields: expected at least one name, got an empty list',
    ]);
  });
});
