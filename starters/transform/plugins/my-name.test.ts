import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testTransformation, transformRows } from 'headrace/testing';
import plugin from './my-name.ts';

// What every transformation must do, tried with these rows, as they come from a parser.
for (const { name, run } of testTransformation(plugin, {
  examples: [
    {
      row: { account: '12345678', amount: '9.50' },
      gives: { value: { account: '****5678', amount: '9.50' } },
    },
    { row: { account: '123', amount: '20' }, gives: { value: { account: '123', amount: '20' } } },
    { row: { amount: '9.50' }, rejects: 'expected a field account' },
  ],
  wrongOptions: [{ options: { keep: 'some' }, message: 'keep: expected' }],
}))
  test(name, run);

test('a feed names the field, and how much of it stays', async () => {
  // The options as a feed writes them.
  const [row] = await transformRows(plugin, { field: 'card', keep: '0' }, [{ card: '4711' }]);
  assert.equal(row?.outcome, 'records');
  assert.deepEqual(row.records[0]?.value, { card: '****' });
});
