import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkRetention } from '../../connectors/files/watching/retention.ts';
import type { SourceOffset } from '../../src/plugin/index.ts';
import { DropFolder } from './drop-folder.ts';
import type { TestContext } from './support.ts';

const DAY_MS = 86_400_000;
const DELIVERED = { position: 4, row: 1, line: 1, head: 0, produced: 1, crc32: 7, eof: true };

function remember(folder: DropFolder, file: string, daysAgo: number, offset: SourceOffset = DELIVERED): void {
  folder.offsets.store({ file, generation: 'g' }, offset, Date.now() - daysAgo * DAY_MS);
}

const remembered = (folder: DropFolder) => folder.offsets.all().map(({ partition }) => partition.file);

/** Runs a task until it has looked at the folder a few times. */
async function look(folder: DropFolder, config: object, until?: (context: TestContext) => boolean) {
  let rounds = 0;
  const { context } = await folder.watch({
    config: { finishedPath: folder.done, scanIntervalMs: 100, ...config },
    until: until ?? (() => ++rounds > 60),
  });
  return context;
}

test('a delivered file that has gone is forgotten when it is old enough, and others are not', async () => {
  const folder = new DropFolder();
  remember(folder, 'old.csv', 40);
  remember(folder, 'asx/old.csv', 31);
  remember(folder, 'new.csv', 29);
  remember(folder, 'unfinished.csv', 40, { ...DELIVERED, eof: false });
  remember(folder, 'failed.csv', 40, { ...DELIVERED, eof: false, failed: 'it is of another kind' });
  folder.offsets.store({ 'errors.deadletterqueue.file': '/x.csv', task: 0 }, { length: 1, eof: true }, 1);
  await look(folder, { offsetsRetentionMs: 30 * DAY_MS });
  expect(remembered(folder)).toEqual(['new.csv', 'unfinished.csv', 'failed.csv', undefined]);
});

test('of more files than are to be remembered those go that were delivered longest ago, also of one moment', async () => {
  const folder = new DropFolder();
  const now = Date.now();
  for (const [index, file] of ['e', 'd', 'c', 'b', 'a'].entries())
    folder.offsets.store({ file, generation: 'g' }, DELIVERED, now - (index > 1 ? 5 : 1) * DAY_MS);
  await look(folder, { offsetsRetentionFiles: 3 });
  expect(remembered(folder)).toHaveLength(3);
  expect(remembered(folder).slice(0, 2)).toEqual(['e', 'd']);
});

test('the newest is remembered however old it is, as it tells how the files of the feed are', async () => {
  const folder = new DropFolder();
  for (const [index, file] of ['a', 'c', 'b'].entries()) remember(folder, file, index === 1 ? 300 : 400);
  await look(folder, { offsetsRetentionMs: DAY_MS });
  expect(remembered(folder)).toEqual(['c']);
});

test('nothing is forgotten unless it is asked for', async () => {
  const folder = new DropFolder();
  remember(folder, 'old.csv', 4000);
  await look(folder, {});
  expect(remembered(folder)).toEqual(['old.csv']);
});

test('a file that is there is never forgotten, though the feed does not want it any more', async () => {
  const folder = new DropFolder();
  for (const name of ['a.csv', 'b.txt', 'sub/c.csv']) {
    folder.drop(name, 'row\n');
    remember(folder, name, 400);
  }
  remember(folder, 'gone.csv', 400);
  remember(folder, 'c.csv', 300);
  const config = {
    finishedPath: null,
    offsetsRetentionMs: DAY_MS,
    offsetsRetentionFiles: 1,
    inputFilePattern: '*.csv',
    onReappear: 'skip' as const,
  };
  await look(folder, config);
  expect(remembered(folder)).toEqual(['a.csv', 'b.txt', 'sub/c.csv', 'c.csv']);
});

test('where files stay in place, nothing is forgotten of a folder that is away, or has nothing in it', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', 'row\n');
  for (const name of ['b.csv', 'a.csv']) remember(folder, name, 400);
  const config = { finishedPath: null, offsetsRetentionMs: DAY_MS, onReappear: 'skip' as const };
  let isAway = false;
  await look(folder, config, ({ told }) => {
    if (!isAway) renameSync(folder.input, `${folder.input}.away`);
    isAway = true;
    return told.some(({ message }) => message === 'folder cannot be read');
  }).catch(() => {});
  mkdirSync(folder.input, { recursive: true });
  await look(folder, config);
  expect(remembered(folder)).toContain('a.csv');
  rmSync(folder.input, { recursive: true });
  renameSync(`${folder.input}.away`, folder.input);
  await look(folder, config);
  expect(remembered(folder)).toEqual(['a.csv']);
});

test('a file that comes again once it is forgotten is loaded again', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', 'row\n');
  const config = { finishedPath: folder.done };
  expect((await folder.watch({ config })).delivered).toHaveLength(1);
  folder.drop('a.csv', 'row\n');
  const same = await folder.watch({ config });
  expect(same.delivered).toEqual([]);
  expect(same.context.states.at(-1)).toMatchObject({ path: 'a.csv', state: 'SKIPPED' });
  remember(folder, 'later.csv', -1);
  await look(folder, { offsetsRetentionMs: 1 }, () => folder.offsets.all().length === 1);
  folder.drop('a.csv', 'row\n');
  expect((await folder.watch({ config })).delivered).toMatchObject([{ path: 'a.csv', lines: ['row'] }]);
});

test('a file that was just moved is looked after, and remembered as long', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', 'row\n');
  remember(folder, 'old.csv', 40);
  remember(folder, 'newest.csv', -1);
  let rounds = 0;
  await look(folder, { offsetsRetentionMs: 1 }, ({ states }) => {
    if (states.some(({ state }) => state === 'COMPLETED')) rounds++;
    return rounds > 200;
  });
  expect(remembered(folder)).toEqual(['newest.csv', 'a.csv']);
});

test('with several tasks each forgets its own', async () => {
  const folder = new DropFolder();
  for (let file = 0; file < 20; file++) remember(folder, `${file}.csv`, 40);
  const config = { finishedPath: folder.done, offsetsRetentionMs: DAY_MS, scanIntervalMs: 100 };
  let rounds = 0;
  await folder.watch({ config, shard: { taskId: 0, taskCount: 2 }, until: () => ++rounds > 40 });
  const left = folder.offsets.all().length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(20);
  await folder.watch({ config, shard: { taskId: 1, taskCount: 2 }, until: () => ++rounds > 80 });
  expect(folder.offsets.all()).toHaveLength(2);
});

test('zero is a mistake, since it could mean two things', () => {
  const message = 'must be 1 or more, got 0; to remember files for ever, leave it out';
  expect([...checkRetention({ offsetsRetentionMs: 0, offsetsRetentionFiles: 0 })]).toEqual([
    { key: 'offsets.retention.ms', message },
    { key: 'offsets.retention.files', message },
  ]);
  expect([...checkRetention({ offsetsRetentionMs: 1, offsetsRetentionFiles: null })]).toEqual([]);
});
