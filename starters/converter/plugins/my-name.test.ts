import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testContext } from 'headrace/testing';
import plugin from './my-name.ts';

const converter = plugin.create({ separator: '|' }, { ...testContext(), side: 'value' });
const bytesOf = (value: unknown) => converter.serialize('payments', null, value);

test('a value is a line of its fields; one that is empty has nothing between its separators', () => {
  assert.equal(bytesOf({ account: '12345678', note: null, amount: 9.5 }), '12345678||9.5');
});

test('a key is its text, and nothing stays nothing', () => {
  assert.equal(bytesOf('12345678'), '12345678');
  assert.equal(bytesOf(null), null);
});

test('a separator within a value is an error of the row', () => {
  assert.throws(() => bytesOf({ note: 'a|b' }), { message: 'expected no | in "a|b"' });
});
