import { test } from 'node:test';
import { testConverter } from 'headrace/testing';
import plugin from './my-name.ts';

// What every converter must do, tried with these values.
for (const { name, run } of testConverter(plugin, {
  // A value is a line of its fields; one that is empty has nothing between its separators.
  examples: [
    { value: { account: '12345678', note: null, amount: 9.5 }, gives: '12345678||9.5' },
    { value: { note: 'a|b' }, rejects: 'expected no | in "a|b"' },
    // A key is its text.
    { value: '12345678', gives: '12345678' },
  ],
}))
  test(name, run);

// Options as a feed writes them.
for (const { name, run } of testConverter(plugin, {
  options: { separator: ';' },
  examples: [{ value: { account: '12345678', amount: 9.5 }, gives: '12345678;9.5' }],
}))
  test(`with a semicolon: ${name}`, run);
