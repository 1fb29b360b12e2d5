import { describe, expect, it } from 'vitest';
import { key as onKey, value as replaceField } from '../../../transforms/connect/replace-field.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const value = { a: '1', b: '2', c: '3' };
const valueSchema = schemaOf({ a: 'string', b: 'enum', c: 'date' });

describe('ReplaceField$Value', () => {
  it.each<Case>([
    ['drops fields', { exclude: ['a', 'x'] }, { value }, { value: { b: '2', c: '3' } }],
    ['keeps only some', { include: ['c', 'a'] }, { value }, { value: { a: '1', c: '3' } }],
    [
      'drops what is both kept and dropped',
      { include: ['a', 'b'], exclude: ['b'] },
      { value },
      { value: { a: '1' } },
    ],
    ['renames fields', { renames: ['a:z', 'x:y'] }, { value }, { value: { z: '1', b: '2', c: '3' } }],
    ['swaps two names', { renames: ['a:b', 'b:a'] }, { value }, { value: { b: '1', a: '2', c: '3' } }],
    [
      'drops and renames fields of the schema',
      { exclude: ['b'], renames: ['a:z'] },
      { value, valueSchema },
      { value: { z: '1', c: '3' }, valueSchema: schemaOf({ z: 'string', c: 'date' }) },
    ],
    [
      'refuses two fields of one name in a schema',
      { renames: ['a:b'] },
      { value, valueSchema },
      'DuplicateField: the schema has a field "b" already',
    ],
    ['lets a tombstone pass', { exclude: ['a'] }, { value: null, valueSchema }, {}],
    [
      'refuses text',
      { exclude: ['a'] },
      { value: 'x' },
      'NotARow: value: expected an object with fields, got a string',
    ],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(replaceField, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: value, value, valueSchema };
    const after = { key: { a: '1' } };
    expect(await outcome(onKey, { include: ['a'] }, before)).toEqual(expected(before, after));
  });

  it.each([
    [['a'], 'renames: expected pairs such as old:new, got "a"'],
    [['a:b:c'], 'renames: expected pairs such as old:new, got "a:b:c"'],
    [[':b'], 'renames: expected pairs such as old:new, got ":b"'],
    [['a:b', 'a:c'], 'renames: renames "a" more than once'],
  ])('does not take renames of %j', (renames, problem) => {
    expect(problemsOf(replaceField, { renames })).toEqual([problem]);
  });
});
