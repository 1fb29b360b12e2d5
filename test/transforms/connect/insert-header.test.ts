import { describe, expect, it } from 'vitest';
import insertHeader from '../../../transforms/connect/insert-header.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome } from './shared/support.ts';

const options = { header: 'a', valueLiteral: '007' };
const inserted = { name: 'a', value: '007' };

describe('InsertHeader', () => {
  it.each<Case>([
    ['to a record without', options, {}, { headers: [inserted] }],
    [
      'after one of the same name',
      options,
      { headers: [{ name: 'a', value: '1' }] },
      { headers: [{ name: 'a', value: '1' }, inserted] },
    ],
  ])('adds a header %s', async (_, given, before, after) => {
    expect(await outcome(insertHeader, given, before)).toEqual(expected(before, after));
  });

  it('wants a name', () => {
    expect(problemsOf(insertHeader, { header: '', valueLiteral: 'x' })).toEqual([
      "header: expected a header's name, got nothing",
    ]);
  });
});
