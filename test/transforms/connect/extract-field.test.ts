import { describe, expect, it } from 'vitest';
import { value as extractField, key as onKey } from '../../../transforms/connect/extract-field.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, TRADE } from './shared/support.ts';

const V2 = { fieldSyntaxVersion: 'V2' };

describe('ExtractField$Value', () => {
  it.each<Case>([
    ['a field', { field: 'a' }, { value: { a: 1n } }, { value: 1n }],
    ['null for a missing field', { field: 'b' }, { value: { a: 1n } }, { value: null }],
    ['null for what only the prototype has', { field: 'constructor' }, { value: {} }, { value: null }],
    ['a name with a dot', { field: 'a.b' }, { value: { 'a.b': 1, a: { b: 2 } } }, { value: 1 }],
    ['a path', { field: 'a.b', ...V2 }, { value: { 'a.b': 1, a: { b: 2 } } }, { value: 2 }],
    ['a path with backquotes', { field: '`a.b`.c', ...V2 }, { value: { 'a.b': { c: 3 } } }, { value: 3 }],
    ['nothing from a tombstone', { field: 'a' }, { value: null }, {}],
    [
      'a field of a schema, which goes',
      { field: 'symbol' },
      { value: { symbol: 'BHP' }, valueSchema: TRADE },
      { value: 'BHP', valueSchema: null },
    ],
    [
      'nothing that the schema lacks',
      { field: 'x' },
      { value: { symbol: 'BHP' }, valueSchema: TRADE },
      'UnknownField: value: the schema has no field "x"',
    ],
    [
      'nothing from a list',
      { field: 'a' },
      { value: [1] },
      'NotARow: value: expected an object with fields, got a list',
    ],
  ])('extracts %s', async (_, options, before, after) => {
    expect(await outcome(extractField, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: { a: '1' }, value: { a: '2' } };
    expect(await outcome(onKey, { field: 'a' }, before)).toEqual(expected(before, { key: '1' }));
  });

  it.each([
    ['`a', 'field: a backquote is not closed in "`a"'],
    ['`a`b', 'field: a backquote is not closed in "`a`b"'],
    ['a.`b\\`', 'field: a backquote is not closed in "`b\\\\`"'],
  ])('does not take %j for a path', (field, problem) => {
    expect(problemsOf(extractField, { field, ...V2 })).toEqual([problem]);
  });

  it('knows two versions of the syntax', () => {
    expect(problemsOf(extractField, { field: 'a', fieldSyntaxVersion: 'V3' })).toEqual([
      'field.syntax.version: expected V1 or V2, got "V3"',
    ]);
  });
});
