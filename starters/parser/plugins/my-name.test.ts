import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRows, testParser } from 'headrace/testing';
import plugin from './my-name.ts';

const FILE = 'amount=9.50 account=12345678\n\naccount=ä=1\nfree\n';

// What every parser must do, tried with this file: cut anywhere, gone on with anywhere, damaged.
for (const { name, run } of testParser(plugin, {
  examples: [
    {
      content: FILE,
      rows: [
        { account: '12345678', amount: '9.50' },
        { account: 'ä=1', amount: '' },
        'expected name=value, got "free"',
      ],
    },
    { content: '', rows: [] },
  ],
}))
  test(name, run);

test('a row knows its line', async () => {
  const rows = await parseRows(plugin, {}, FILE);
  assert.deepEqual(
    rows.map(({ line }) => line),
    [1, 3, 4],
  );
});

test('a feed names the columns', async () => {
  const [row] = await parseRows(plugin, { columns: 'note' }, 'note=rent');
  assert.deepEqual(row, { outcome: 'row', line: 1, row: { note: 'rent' } });
});
