import { describe, expect, it } from 'vitest';
import { value as hoistField, key as onKey } from '../../../transforms/connect/hoist-field.ts';
import { type Case, expected, outcome, TRADE } from './shared/support.ts';

const options = { field: 'it' };

describe('HoistField$Value', () => {
  it.each<Case>([
    ['an object', options, { value: { a: '1' } }, { value: { it: { a: '1' } } }],
    ['text', options, { value: 'x' }, { value: { it: 'x' } }],
    ['null', options, { value: null }, { value: { it: null } }],
    [
      'what has a schema, which goes',
      options,
      { value: { symbol: 'BHP' }, valueSchema: TRADE },
      { value: { it: { symbol: 'BHP' } }, valueSchema: null },
    ],
    [
      'under a name of any kind',
      { field: '__proto__' },
      { value: 'x' },
      { value: JSON.parse('{"__proto__":"x"}') },
    ],
  ])('wraps %s', async (_, given, before, after) => {
    expect(await outcome(hoistField, given, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys, which leaves the value and its schema', async () => {
    const before = { key: 7n, value: { symbol: 'BHP' }, valueSchema: TRADE };
    expect(await outcome(onKey, options, before)).toEqual(expected(before, { key: { it: 7n } }));
  });
});
