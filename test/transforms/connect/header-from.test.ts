import { describe, expect, it } from 'vitest';
import { value as headerFrom, key as onKey } from '../../../transforms/connect/header-from.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const move = { fields: ['a', 'b'], headers: ['x', 'y'], operation: 'move' };
const copy = { ...move, operation: 'copy' };

describe('HeaderFrom$Value', () => {
  it.each<Case>([
    [
      'copies fields',
      copy,
      { value: { a: '1', b: 2n, c: true }, headers: [{ name: 'x', value: '0' }] },
      {
        headers: [
          { name: 'x', value: '0' },
          { name: 'x', value: '1' },
          { name: 'y', value: '2' },
        ],
      },
    ],
    [
      'moves fields',
      move,
      { value: { a: '1', b: 2.5, c: true } },
      {
        value: { c: true },
        headers: [
          { name: 'x', value: '1' },
          { name: 'y', value: '2.5' },
        ],
      },
    ],
    [
      'moves fields out of the schema',
      move,
      { value: { a: '1', b: 2, c: true }, valueSchema: schemaOf({ a: 'string', b: 'int', c: 'boolean' }) },
      {
        value: { c: true },
        valueSchema: schemaOf({ c: 'boolean' }),
        headers: [
          { name: 'x', value: '1' },
          { name: 'y', value: '2' },
        ],
      },
    ],
    [
      'makes headers of null, and of what has parts',
      copy,
      { value: { a: null, b: { c: [9007199254740993n] } } },
      {
        headers: [
          { name: 'x', value: null },
          { name: 'y', value: '{"c":[9007199254740993]}' },
        ],
      },
    ],
    [
      'makes a header of null for a missing field',
      move,
      { value: { a: '1' } },
      {
        value: {},
        headers: [
          { name: 'x', value: '1' },
          { name: 'y', value: null },
        ],
      },
    ],
    [
      'refuses a field unknown to the schema',
      copy,
      { value: { a: '1' }, valueSchema: schemaOf({ a: 'string' }) },
      'UnknownField: value: the schema has no field "b"',
    ],
    [
      'refuses a tombstone',
      copy,
      { value: null },
      'NotARow: value: expected an object with fields, got null',
    ],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(headerFrom, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: { a: '1', b: '2', c: '3' } };
    const headers = [
      { name: 'x', value: '1' },
      { name: 'y', value: '2' },
    ];
    expect(await outcome(onKey, move, before)).toEqual(expected(before, { key: { c: '3' }, headers }));
  });

  it('wants a header for each field', () => {
    expect(problemsOf(headerFrom, { ...copy, headers: ['x'] })).toEqual([
      'headers: expected as many headers as fields, 2, got 1',
    ]);
  });
});
