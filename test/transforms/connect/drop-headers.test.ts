import { describe, expect, it } from 'vitest';
import dropHeaders from '../../../transforms/connect/drop-headers.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome } from './shared/support.ts';

const a1 = { name: 'a', value: '1' };
const b = { name: 'b', value: null };
const a2 = { name: 'a', value: '2' };

describe('DropHeaders', () => {
  it.each<Case>([
    ['all of a name', { headers: ['a'] }, { headers: [a1, b, a2] }, { headers: [b] }],
    ['several names', { headers: ['a', 'b'] }, { headers: [a1, b] }, { headers: [] }],
    ['nothing when none has the name', { headers: ['c'] }, { headers: [a1] }, { headers: [a1] }],
    ['of a tombstone too', { headers: ['a'] }, { value: null, headers: [a1] }, { headers: [] }],
  ])('drops %s', async (_, options, before, after) => {
    expect(await outcome(dropHeaders, options, before)).toEqual(expected(before, after));
  });

  it('wants a name', () => {
    expect(problemsOf(dropHeaders, { headers: [] })).toEqual([
      'headers: expected at least one name, got an empty list',
    ]);
  });
});
