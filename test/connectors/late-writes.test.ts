import { appendFileSync, closeSync, existsSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectionOf } from '../../connectors/inputs/connections.ts';
import local from '../../connectors/local/index.ts';
import { DropFolder } from './drop-folder.ts';
import { LIMITS, run, type TestContext, temporaryFolder, testContext } from './support.ts';

const ends = ({ states }: TestContext) => states.filter(({ state }) => state === 'COMPLETED').length;
const isOtherDisk = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync('/tmp').dev;
const WAYS = ['moved', 'deleted', ...(isOtherDisk ? ['moved to another disk'] : [])];

test.each(WAYS)('rows that a stalled upload adds after its file was %s are delivered', async (way) => {
  for (const onReappear of ['auto', 'skip', 'reprocess', 'fail'] as const) {
    const folder = new DropFolder();
    const done = way === 'moved to another disk' ? temporaryFolder('/dev/shm') : folder.done;
    const upload = openSync(folder.drop('a.csv', '1\n'), 'a');
    let hasGoneOn = false;
    const { delivered, context } = await folder.watch({
      config: {
        onReappear,
        finishedPath: way === 'deleted' ? null : done,
        finishedDelete: way === 'deleted',
        scanIntervalMs: 100,
      },
      until: (watched) => {
        if (ends(watched) === 1 && !hasGoneOn) writeSync(upload, '2\n3\n');
        hasGoneOn = ends(watched) > 0;
        return ends(watched) === 2;
      },
    });
    closeSync(upload);
    expect(delivered.map(({ lines }) => lines)).toEqual([['1'], ['2', '3']]);
    expect(new Set(delivered.map(({ generation }) => generation)).size).toBe(1);
    expect(folder.list('in')).toEqual([]);
    if (way === 'moved')
      expect([folder.list('done'), folder.read('done/a.csv')]).toEqual([['a.csv'], '1\n2\n3\n']);
    expect(context.told).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        fields: expect.objectContaining({ file: 'a.csv', bytes: 4 }),
      }),
    );
  }
});

test('rows added while the next file has the name come back after it, and to a worker that stops, with the next start', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done, scanIntervalMs: 100 };
  folder.drop('a.csv', '1\n');
  const moved = join(folder.done, 'a.csv');
  let step = 0;
  const { delivered } = await folder.watch({
    config,
    until: (context) => {
      if (ends(context) === 1 && step === 0) {
        writeFileSync(join(folder.input, 'a.csv'), 'other\n');
        appendFileSync(moved, '2\n');
        step++;
      }
      if (ends(context) === 3 && step === 1) {
        appendFileSync(moved, '3\n');
        step++;
        return true;
      }
      return false;
    },
  });
  expect(delivered.map(({ lines }) => lines).sort()).toEqual([['1'], ['2'], ['other']]);
  const last = await folder.watch({ config });
  expect(last.delivered.map(({ lines }) => lines)).toEqual([['3']]);
  expect(folder.list('in')).toEqual([]);
});

test('a file that was written to before it is put away stays, and what was added is delivered whatever the policy', async () => {
  for (const onReappear of ['auto', 'skip', 'reprocess', 'fail'] as const) {
    const folder = new DropFolder();
    const path = folder.drop('a.csv', '1\n');
    let hasGoneOn = false;
    const { delivered } = await folder.watch({
      config: { onReappear, finishedPath: folder.done, scanIntervalMs: 100 },
      onChunk: ({ eof }) => {
        if (eof && !hasGoneOn) appendFileSync(path, '2\n');
        hasGoneOn ||= eof;
      },
      ends: 2,
    });
    expect(delivered.map(({ lines }) => lines)).toEqual([['1'], ['2']]);
    expect(folder.read('done/a.csv')).toBe('1\n2\n');
  }
});

test('a connector that looks at files once says that one was written to before it could be put away', async () => {
  const folder = new DropFolder();
  const inputPath = folder.drop('a.csv', '1\n');
  const context = testContext(folder.offsets);
  const values = {
    inputPath,
    inputPaths: {},
    inputRows: {},
    finishedPath: folder.done,
    finishedDelete: false,
    errorPath: null,
    ...LIMITS,
    ...connectionOf({}),
  };
  const task = await local.createTask({ ...values, onReappear: 'auto' }, context);
  await run(task, context, folder.offsets, {
    onChunk: ({ eof }) => {
      if (eof) appendFileSync(inputPath, '2\n');
    },
  });
  expect(folder.list('in')).toEqual(['a.csv']);
  expect(context.told).toMatchObject([{ level: 'info' }, { level: 'warn', fields: { file: inputPath } }]);
});
