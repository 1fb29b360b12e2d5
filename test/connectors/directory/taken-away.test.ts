import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DropFolder } from '../drop-folder.ts';

test('a worker whose files are taken by another one on its folder says so, and the other does not', async () => {
  const folder = new DropFolder();
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder.input, `${name}.csv`), '1\n');
  const slow = folder.watch({
    config: { settleMs: 3000, scanIntervalMs: 100 },
    until: ({ told }) => told.some(({ message }) => message.includes('went away before it was read')),
  });
  const other = new DropFolder();
  const quick = await other.watch({
    ends: 4,
    config: { inputPath: folder.input, finishedPath: other.done, settleMs: 500, scanIntervalMs: 100 },
  });
  const { delivered, context } = await slow;
  expect(delivered).toEqual([]);
  expect(context.states.find(({ state }) => state === 'IGNORED')?.detail).toEqual({
    error: 'it went away before it was read',
  });
  const warnings = context.told.filter(({ level }) => level === 'warn');
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.length).toBeLessThanOrEqual(3);
  expect(quick.delivered).toHaveLength(4);
  expect(quick.context.told.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('a file that is changed again and again before it settles has not gone away', async () => {
  const folder = new DropFolder();
  let written = 0;
  const writing = setInterval(() => writeFileSync(join(folder.input, 'a.csv'), `${written++}\n`), 20);
  setTimeout(() => clearInterval(writing), 600);
  const { context } = await folder.watch({ config: { settleMs: 300, scanIntervalMs: 100 } });
  expect(context.told.filter(({ level }) => level === 'warn')).toEqual([]);
});
