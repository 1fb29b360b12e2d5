import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRows } from 'headrace/testing';
import plugin from './my-name.ts';

const FILE = 'amount=9.50 account=12345678\n\naccount=ä=1\nfree\n';

test('a line is a row, with its cells in the order of the columns', async () => {
  const rows = await parseRows(plugin, {}, FILE);
  assert.deepEqual(rows.slice(0, 2), [
    { outcome: 'row', line: 1, row: { account: '12345678', amount: '9.50' } },
    { outcome: 'row', line: 3, row: { account: 'ä=1', amount: '' } },
  ]);
});

test('a line that is no pairs is rejected, with its line', async () => {
  const [, , free] = await parseRows(plugin, {}, FILE);
  assert.equal(free?.outcome, 'rejected');
  assert.equal(free.line, 4);
  assert.equal(free.rejection.message, 'expected name=value, got "free"');
});

test('wherever the bytes are cut, the rows are the same', async () => {
  const whole = await parseRows(plugin, {}, FILE);
  for (let chunkBytes = 1; chunkBytes < FILE.length; chunkBytes++)
    assert.deepEqual(await parseRows(plugin, {}, FILE, { chunkBytes }), whole);
});
