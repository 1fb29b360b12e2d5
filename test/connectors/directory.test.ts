import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import directory from '../../connectors/directory/index.ts';
import { belongsTo } from '../../connectors/files/shard.ts';
import { DropFolder, text } from './drop-folder.ts';
import { LIMITS, Rows, run, testContext, WATCHING } from './support.ts';

const pathsOf = (delivered: readonly { path: string }[]) => delivered.map(({ path }) => path);

test('files are loaded oldest first, and by path where they are of one age', async () => {
  const folder = new DropFolder();
  folder.drop('c.csv', '1\n', 2);
  folder.drop('b.csv', '2\n', 7);
  folder.drop('z.csv', '3\n', 1);
  folder.drop('a.csv', '4\n', 2);
  const { delivered } = await folder.watch({ ends: 4 });
  expect(pathsOf(delivered)).toEqual(['z.csv', 'a.csv', 'c.csv', 'b.csv']);
});

test('a file that is complete is READY until it is its turn, and one that is written to meanwhile SETTLING', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n', 1);
  folder.drop('b.csv', '2\n', 2);
  const { context } = await folder.watch({ ends: 2, config: { settleMs: 0 } });
  const statesOf = (path: string) =>
    context.states.flatMap((told) => (told.path === path ? [told.state] : []));
  expect(statesOf('a.csv')).toEqual(['DISCOVERED', 'READING', 'DELIVERED', 'COMPLETED']);
  expect(statesOf('b.csv')).toEqual(['DISCOVERED', 'READY', 'READING', 'DELIVERED', 'COMPLETED']);
  const reading = context.states.filter(({ state }) => state === 'READING');
  expect(reading.map(({ detail }) => typeof detail.discoveredMs)).toEqual(['number', 'number']);

  const slow = new DropFolder();
  slow.drop('c.csv', '1\n', 1);
  let isWritten = false;
  await slow.watch({
    config: { settleMs: 60_000, scanIntervalMs: 50 },
    until: ({ states }) => {
      if (!isWritten && states.length > 0) slow.drop('c.csv', '1\n2\n', 2);
      isWritten ||= states.length > 0;
      return states.some(({ state }) => state === 'SETTLING');
    },
  });
});

test('two files of one name in two folders are two files', async () => {
  const folder = new DropFolder();
  folder.drop('one/x.csv', 'same\n');
  folder.drop('two/x.csv', 'same\n');
  const { delivered } = await folder.watch({ ends: 2, config: { finishedPath: folder.done } });
  expect(delivered).toMatchObject([
    { path: 'one/x.csv', lines: ['same'] },
    { path: 'two/x.csv', lines: ['same'] },
  ]);
  expect(folder.list('done')).toEqual(['one/x.csv', 'two/x.csv']);
});

test('a pattern without a slash is for the name, and one with a slash for the path', async () => {
  const folder = new DropFolder();
  for (const path of ['a.csv', 'a.txt', 'asx/old/c.csv']) folder.drop(path, '1\n');
  folder.drop('asx/b.csv.gz', gzipSync('1\n'));
  const byName = await folder.watch({ ends: 3, config: { inputFilePattern: '*.csv{,.gz}' } });
  expect(pathsOf(byName.delivered)).toEqual(['a.csv', 'asx/b.csv.gz', 'asx/old/c.csv']);
  const again = new DropFolder();
  for (const path of ['a.csv', 'asx/b.csv', 'asx/old/c.csv']) again.drop(path, '1\n');
  const byPath = await again.watch({ config: { inputFilePattern: 'asx/*.csv' } });
  expect(pathsOf(byPath.delivered)).toEqual(['asx/b.csv']);
});

test('every path belongs to exactly one task, whichever other files there are', async () => {
  const folder = new DropFolder();
  const all = Array.from({ length: 30 }, (_, index) => `2026-01-${index}.csv`);
  for (const path of all) folder.drop(path, `${path}\n`);
  const loaded: string[] = [];
  for (const taskId of [0, 1, 2]) {
    const shard = { taskId, taskCount: 3 };
    const ends = all.filter((path) => belongsTo(path, shard)).length;
    expect(ends).toBeGreaterThan(3);
    loaded.push(...pathsOf((await folder.watch({ shard, ends })).delivered));
  }
  expect(loaded.sort()).toEqual(all.sort());
});

test('hidden files, FIFOs, links and what lies behind links are passed over, the odd ones with one line in the log', async () => {
  const folder = new DropFolder();
  const outside = join(folder.root, 'secret.csv');
  writeFileSync(outside, 'secret\n');
  folder.drop('.hidden.csv', '1\n');
  folder.drop('.git/a.csv', '1\n');
  execFileSync('mkfifo', [join(folder.input, 'pipe.csv')]);
  symlinkSync(outside, join(folder.input, 'link.csv'));
  symlinkSync(folder.root, join(folder.input, 'away'));
  folder.drop('real.csv', 'real\n');
  const { delivered, context } = await folder.watch({
    config: { inputFilePattern: '*.csv', scanIntervalMs: 100 },
  });
  expect(delivered).toMatchObject([{ path: 'real.csv' }]);
  const warnings = context.told.filter(({ level }) => level === 'warn').map(({ fields }) => fields.file);
  expect(warnings.sort()).toEqual(['link.csv', 'pipe.csv']);
});

test('names with line feeds, dots, stars and letters of all kinds are only names', async () => {
  const folder = new DropFolder();
  const names = [
    'a\nb.csv',
    '..csv',
    '...',
    'a..b.csv',
    'Größe 东京.csv',
    '*.csv',
    '[x].csv',
    '\n.csv',
    '"q".csv',
    '__proto__',
  ];
  const visible = names.filter((name) => !name.startsWith('.'));
  for (const name of names) folder.drop(name, `${JSON.stringify(name)}\n`);
  const config = { finishedPath: folder.done };
  const { delivered } = await folder.watch({ ends: visible.length, config });
  expect(pathsOf(delivered).sort()).toEqual(visible.sort());
  expect(folder.list('done')).toEqual(visible.sort());
});

test('a file that comes while the task watches is noticed, and a folder made later too', async () => {
  const folder = new DropFolder();
  setTimeout(() => writeFileSync(join(folder.input, 'a.csv'), '1\n'), 150);
  setTimeout(() => folder.drop('deep/er/b.csv', '2\n'), 300);
  const { delivered, context } = await folder.watch({ ends: 2, config: { scanIntervalMs: 600_000 } });
  expect(delivered).toMatchObject([{ path: 'a.csv' }, { path: 'deep/er/b.csv' }]);
  expect(context.states.filter(({ path }) => path === 'a.csv').map(({ state }) => state)).toEqual([
    'DISCOVERED',
    'READING',
    'DELIVERED',
    'COMPLETED',
  ]);
});

test('folders for finished and failed files below the watched one are not searched', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  folder.drop('failed/old.csv', '1\n');
  const config = {
    finishedPath: join(folder.input, 'done'),
    errorPath: join(folder.input, 'failed'),
    scanIntervalMs: 100,
  };
  await folder.watch({ config });
  setTimeout(() => folder.drop('b.csv', '2\n'), 250);
  const { delivered } = await folder.watch({ config });
  expect(pathsOf(delivered)).toEqual(['b.csv']);
  expect(folder.list('in')).toEqual(['done/a.csv', 'done/b.csv', 'failed/old.csv']);
});

test('the task goes on by its scan when the watched folder was away for a while', async () => {
  const folder = new DropFolder();
  const away = join(folder.root, 'away');
  setTimeout(() => renameSync(folder.input, away), 100);
  setTimeout(() => {
    mkdirSync(folder.input);
    folder.drop('a.csv', '1\n');
  }, 500);
  const { delivered, context } = await folder.watch({ config: { scanIntervalMs: 100 } });
  expect(pathsOf(delivered)).toEqual(['a.csv']);
  expect(context.told.filter(({ level }) => level === 'error')).toHaveLength(1);
  rmSync(away, { recursive: true });
});

test('files that are left in place are not read again, by this task or the next', async () => {
  const folder = new DropFolder();
  for (let index = 0; index < 20; index++) folder.drop(`${index}.csv`, `${index}\n`);
  const config = { scanIntervalMs: 100 };
  const first = await folder.watch({ config, ends: 20 });
  setTimeout(() => folder.drop('new.csv', '1\n'), 250);
  const second = await folder.watch({ config });
  expect(first.delivered).toHaveLength(20);
  expect(pathsOf(second.delivered)).toEqual(['new.csv']);
  expect(second.context.states.map(({ path }) => path)).not.toContain('0.csv');
});

test('a file dated in the future settles all the same', async () => {
  const folder = new DropFolder();
  const nextYear = new Date(Date.now() + 365 * 24 * 3600 * 1000);
  utimesSync(folder.drop('a.csv', '1\n'), nextYear, nextYear);
  const { delivered } = await folder.watch();
  expect(delivered).toMatchObject([{ lines: ['1'] }]);
});

test('a file that was written to since the scan waits until it has settled again', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  const later = folder.drop('b.csv', '1\n', 1);
  let writtenAt = 0;
  let readAt = 0;
  const { delivered } = await folder.watch({
    ends: 2,
    config: { settleMs: 300, scanIntervalMs: 100 },
    onChunk: ({ file }) => {
      if (file.path === 'b.csv') readAt ||= performance.now();
      else if (writtenAt === 0) {
        writeFileSync(later, '1\n2\n');
        writtenAt = performance.now();
      }
    },
  });
  expect(delivered).toMatchObject([{ path: 'a.csv' }, { path: 'b.csv', lines: ['1', '2'] }]);
  expect(readAt - writtenAt).toBeGreaterThanOrEqual(300);
});

test('a file is not read twice while its end is not committed, and another under its name is read right after', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  const context = testContext(folder.offsets);
  const task = await directory.createTask(
    { ...directoryDefaults, inputPath: folder.input, finishedPath: folder.done, scanIntervalMs: 600_000 },
    context,
  );
  const chunks = task.read()[Symbol.asyncIterator]();
  const [first, last] = [await chunks.next(), await chunks.next()];
  const next = chunks.next();
  renameSync(join(folder.input, 'a.csv'), join(folder.root, 'was'));
  folder.drop('a.csv', '2\n');
  const soon = new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 500));
  expect(await Promise.race([next, soon])).toBe('nothing yet');
  await task.committed?.(last.value.file, new Rows(first.value.file).push({ ...first.value, eof: true }));
  expect(String((await next).value.bytes)).toBe('2\n');
  context.stop();
  await chunks.return?.(undefined);
  await task.close?.();
});

test('a file of whatever age is read when two looks saw it the same, and not before', async () => {
  const folder = new DropFolder();
  folder.drop('old.csv', '1\n');
  writeFileSync(join(folder.input, 'new.csv'), '2\n');
  const looks = performance.now();
  const { delivered } = await folder.watch({ ends: 2, config: { settleMs: 300 } });
  expect(pathsOf(delivered)).toEqual(['old.csv', 'new.csv']);
  expect(performance.now() - looks).toBeGreaterThanOrEqual(300);
  const waiting = new DropFolder();
  waiting.drop('old.csv', '1\n');
  const { context } = await waiting.watch({
    config: { settleMs: 600_000 },
    until: ({ states }) => states.length > 0,
  });
  expect(context.states.map(({ state }) => state)).toEqual(['DISCOVERED']);
});

test('a file whose writer has a clock ten minutes behind is read only when it has been left alone', async () => {
  const folder = new DropFolder();
  const rows: string[] = [];
  const path = join(folder.input, 'slow.csv');
  const writing = setInterval(() => {
    rows.push(String(rows.length));
    appendFileSync(path, text(rows.slice(-1)));
    const behind = Date.now() / 1000 - 600;
    utimesSync(path, behind, behind);
    if (rows.length === 8) clearInterval(writing);
  }, 100);
  const { delivered } = await folder.watch({ config: { settleMs: 400, finishedPath: folder.done } });
  expect(rows).toHaveLength(8);
  expect(delivered).toMatchObject([{ lines: rows }]);
  expect(folder.read('done/slow.csv')).toBe(text(rows));
});

test('a file written in place that keeps its size and gets its modification time back is not quiet meanwhile', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', '0\n');
  let writes = 0;
  const writing = setInterval(() => {
    folder.drop('a.csv', `${++writes}\n`);
    if (writes === 8) clearInterval(writing);
  }, 100);
  const { delivered } = await folder.watch({ config: { settleMs: 400 } });
  expect(delivered).toMatchObject([{ lines: ['8'] }]);
  expect(existsSync(path)).toBe(true);
});

test('a file that is still being written is read only when it has been left alone', async () => {
  const folder = new DropFolder();
  const rows: string[] = [];
  const path = join(folder.input, 'slow.csv');
  const writing = setInterval(() => {
    rows.push(String(rows.length));
    writeFileSync(path, text(rows));
    if (rows.length === 20) clearInterval(writing);
  }, 20);
  const { delivered, context } = await folder.watch({ config: { settleMs: 400 } });
  expect(delivered).toEqual([expect.objectContaining({ lines: rows })]);
  expect(context.states.find(({ state }) => state === 'READING')?.detail).toMatchObject({
    size: text(rows).length,
  });
});

test('an idle task ends when it is told to stop', async () => {
  const folder = new DropFolder();
  const begun = performance.now();
  const { delivered } = await folder.watch({
    until: () => performance.now() > begun + 200,
    config: { scanIntervalMs: 600_000 },
  });
  expect(delivered).toEqual([]);
});

test('a missing folder is an error that names the option, the path and the mend', async () => {
  const folder = new DropFolder();
  const config = { inputPath: join(folder.root, 'nowhere') };
  await expect(folder.watch({ config })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringMatching(/input\.path ".*nowhere" cannot be used .*ENOENT.*; make the folder/),
  });
  const file = { inputPath: folder.drop('a.csv', '') };
  await expect(folder.watch({ config: file })).rejects.toThrow('for a file, use connector.class: local');
});

test('options that would have files found again are refused', () => {
  const folder = new DropFolder();
  const { done, input, root } = folder;
  const values = {
    inputPath: input,
    inputFilePattern: '*',
    settleMs: 0,
    scanIntervalMs: 10,
    finishedPath: root,
    finishedDelete: true,
    errorPath: input,
    onReappear: 'auto',
    ...LIMITS,
    ...WATCHING,
  } as const;
  const keys = [...(directory.check?.(values) ?? [])].map(({ key }) => key);
  expect(keys.sort()).toEqual(['error.path', 'finished.delete', 'finished.path', 'scan.interval.ms']);
  const good = {
    ...values,
    finishedPath: done,
    finishedDelete: false,
    errorPath: null,
    scanIntervalMs: 1000,
  };
  expect([...(directory.check?.(good) ?? [])]).toEqual([]);
});

test('nothing is read of a file before it is asked for', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', Buffer.alloc(2_000_000, 'x'));
  const context = testContext(folder.offsets);
  const task = await directory.createTask({ ...directoryDefaults, inputPath: folder.input }, context);
  const chunks = task.read()[Symbol.asyncIterator]();
  const first = await chunks.next();
  expect(first.value?.bytes.length).toBeLessThanOrEqual(256 * 1024);
  rmSync(join(folder.input, 'a.csv'));
  expect(existsSync(join(folder.input, 'a.csv'))).toBe(false);
  context.stop();
  expect(await chunks.next()).toMatchObject({ done: true });
  await run(task, context, folder.offsets);
});

const directoryDefaults = {
  inputFilePattern: '*',
  settleMs: 0,
  scanIntervalMs: 1000,
  finishedPath: null,
  finishedDelete: false,
  errorPath: null,
  onReappear: 'auto',
  ...LIMITS,
  ...WATCHING,
} as const;
