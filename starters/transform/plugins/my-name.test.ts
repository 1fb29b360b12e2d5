import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformRows } from 'headrace/testing';
import plugin from './my-name.ts';

test('all of an account but its last four characters is masked', async () => {
  // The options as a feed writes them, and rows as they come from a parser.
  const [row] = await transformRows(plugin, {}, [{ account: '12345678', amount: '9.50' }]);
  assert.equal(row?.outcome, 'records');
  assert.deepEqual(row.records[0]?.value, { account: '****5678', amount: '9.50' });
});

test('a feed names the field, and how much of it stays', async () => {
  const [row] = await transformRows(plugin, { field: 'card', keep: '0' }, [{ card: '4711' }]);
  assert.equal(row?.outcome, 'records');
  assert.deepEqual(row.records[0]?.value, { card: '****' });
});

test('a row without the field is rejected', async () => {
  const [row] = await transformRows(plugin, {}, [{ amount: '9.50' }]);
  assert.equal(row?.outcome, 'rejected');
  assert.equal(row.rejection.message, 'expected a field account');
});
