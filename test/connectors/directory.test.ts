import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import directory from '../../connectors/directory/index.ts';
import { MemoryOffsets, run, temporaryFolder, testContext } from './support.ts';

test('a file that is dropped is loaded and moved', async () => {
  const root = temporaryFolder();
  const inputPath = join(root, 'in');
  mkdirSync(inputPath);
  const offsets = new MemoryOffsets();
  const context = testContext(offsets);
  const task = await directory.createTask(
    {
      inputPath,
      inputFilePattern: '*.csv',
      settleMs: 50,
      scanIntervalMs: 60_000,
      finishedPath: join(root, 'done'),
      finishedDelete: false,
      errorPath: null,
      onReappear: 'auto',
    },
    context,
  );
  setTimeout(() => writeFileSync(join(inputPath, 'a.csv'), '1\n2\n'), 200);
  const delivered = await run(task, context, offsets, { until: () => existsSync(join(root, 'done/a.csv')) });
  expect(delivered).toMatchObject([{ path: 'a.csv', lines: ['1', '2'] }]);
});
