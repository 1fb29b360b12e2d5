import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testContext, testRecord } from 'headrace/testing';
import plugin from './my-name.ts';

const predicate = plugin.create({ field: 'account', prefix: 'TEST' }, testContext());

test('an account that begins with TEST is told from others', () => {
  assert.equal(predicate.test(testRecord({ account: 'TEST-1' })), true);
  assert.equal(predicate.test(testRecord({ account: '12345678' })), false);
});

test('a number that a schema has made is looked at as its text', () => {
  assert.equal(
    plugin.create({ field: 'amount', prefix: '9' }, testContext()).test(testRecord({ amount: 9.5 })),
    true,
  );
});

test('a row without the field is none', () => {
  assert.equal(predicate.test(testRecord({ amount: '9.50' })), false);
});
