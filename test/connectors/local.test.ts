import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import local from '../../connectors/local/index.ts';
import { MemoryOffsets, run, temporaryFolder, testContext } from './support.ts';

const DEFAULTS = { finishedPath: null, finishedDelete: false, errorPath: null, onReappear: 'auto' } as const;

async function load(inputPath: string, offsets = new MemoryOffsets(), options: object = {}) {
  const context = testContext(offsets);
  const task = await local.createTask({ ...DEFAULTS, inputPath, ...options }, context);
  return { context, offsets, delivered: await run(task, context, offsets) };
}

test('a file is loaded from its first byte to its last and then the task ends', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), '1\n2\n3');
  const { delivered, offsets, context } = await load(join(folder, 'a.csv'));
  expect(delivered).toMatchObject([{ path: join(folder, 'a.csv'), lines: ['1', '2', '3'] }]);
  expect(offsets.all()).toMatchObject([{ offset: { position: 5, row: 3, size: 5, eof: true } }]);
  expect(context.states.map(({ state }) => state)).toEqual([
    'DISCOVERED',
    'READING',
    'DELIVERED',
    'COMPLETED',
  ]);
});
