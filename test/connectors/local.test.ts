import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { connectionOf } from '../../connectors/inputs/connections.ts';
import local from '../../connectors/local/index.ts';
import type { ConfigValues } from '../../src/plugin/index.ts';
import type { RunOptions } from './support.ts';
import { LIMITS, MemoryOffsets, run, temporaryFolder, testContext } from './support.ts';

type LocalConfig = ConfigValues<typeof local.config>;

class Files {
  readonly root = temporaryFolder();
  readonly offsets = new MemoryOffsets();

  write(path: string, content: string): string {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  }

  async load(
    path: string,
    config: Partial<LocalConfig> = {},
    options: RunOptions & { taskCount?: number; taskId?: number } = {},
  ) {
    const { taskId = 0, taskCount = 1 } = options;
    const context = testContext(this.offsets, { taskId, taskCount });
    const task = await local.createTask(this.config(path, config), context);
    const delivered = await run(task, context, this.offsets, options);
    return {
      context,
      delivered,
      paths: delivered.map((delivery) => delivery.path.slice(this.root.length + 1)),
    };
  }

  config(path: string, config: Partial<LocalConfig> = {}): LocalConfig {
    const inputPath = join(this.root, path);
    return {
      inputPath,
      inputPaths: {},
      inputRows: {},
      finishedPath: null,
      finishedDelete: false,
      errorPath: null,
      onReappear: 'auto',
      ...LIMITS,
      ...connectionOf({}),
      ...config,
    };
  }
}

test('a file is loaded from its first byte to its last and then the task ends', async () => {
  const files = new Files();
  const path = files.write('a.csv', '1\n2\n3');
  const { delivered, context } = await files.load('a.csv');
  expect(delivered).toMatchObject([{ path, lines: ['1', '2', '3'] }]);
  expect(files.offsets.all()).toMatchObject([
    { partition: { file: path }, offset: { position: 5, row: 3, eof: true } },
  ]);
  expect(context.states.map(({ state }) => state)).toEqual([
    'DISCOVERED',
    'READING',
    'DELIVERED',
    'COMPLETED',
  ]);
});

test('the files of a glob are loaded in the order of their paths, however new they are', async () => {
  const files = new Files();
  for (const path of ['in/b.csv', 'in/a.csv', 'in/z.txt', 'in/sub/c.csv', 'in/.hidden.csv'])
    files.write(path, '1\n');
  expect((await files.load('in/*.csv')).paths).toEqual(['in/a.csv', 'in/b.csv']);
  expect((await files.load('in/**/*.csv')).paths).toEqual(['in/sub/c.csv']);
});

test('several paths and globs are loaded in the order they are named, each file once', async () => {
  const files = new Files();
  for (const path of ['b, c.csv', 'in/2.csv', 'in/1.csv']) files.write(path, '1\n');
  const inputPaths = {
    1: join(files.root, 'in/2.csv'),
    2: join(files.root, 'b, c.csv'),
    10: join(files.root, 'in/*.csv'),
  };
  const { paths } = await files.load('', { inputPath: null, inputPaths });
  expect(paths).toEqual(['in/2.csv', 'b, c.csv', 'in/1.csv']);
  expect(await local.taskCount?.({ ...files.config(''), inputPath: null, inputPaths }, 8)).toBe(3);
});

test('either a path is named, or several are', () => {
  const files = new Files();
  const keys = (config: Partial<LocalConfig>) =>
    [...(local.check?.({ ...files.config('a.csv'), ...config }) ?? [])].map(({ key }) => key);
  expect(keys({})).toEqual([]);
  expect(keys({ inputPath: null })).toEqual(['input.path']);
  expect(keys({ inputPath: null, inputPaths: { a: '/a.csv' } })).toEqual([]);
  expect(keys({ inputPaths: { a: '/a.csv' } })).toEqual(['input.paths']);
});

test('a file that was delivered before is told of, with its rows', async () => {
  const files = new Files();
  files.write('a.csv', '1\n2\n');
  await files.load('a.csv');
  const { context } = await files.load('a.csv');
  expect(context.states).toMatchObject([
    { state: 'COMPLETED', detail: { rows: 2, produced: 2, filtered: 0, rejected: 0, unread: true } },
  ]);
});

test('a file whose name looks like a glob is that file', async () => {
  const files = new Files();
  files.write('[a]*.csv', '1\n');
  files.write('a1.csv', '2\n');
  expect((await files.load('[a]*.csv')).paths).toEqual(['[a]*.csv']);
});

test('a second run reads nothing, and reads the rows that were appended', async () => {
  const files = new Files();
  files.write('a.csv', '1\n');
  await files.load('a.csv');
  expect((await files.load('a.csv')).delivered).toEqual([]);
  files.write('a.csv', '1\n2\n');
  expect((await files.load('a.csv')).delivered).toMatchObject([{ lines: ['2'] }]);
});

test('an interrupted load goes on after the last committed row', async () => {
  const files = new Files();
  files.write('a.csv', '1\n2\n');
  files.write('b.csv', '3\n');
  await files.load('*.csv', {}, { onChunk: ({ eof }) => !eof });
  const { delivered } = await files.load('*.csv');
  expect(delivered.map(({ lines }) => lines)).toEqual([[], ['3']]);
});

test('two files of one name in two folders are two files', async () => {
  const files = new Files();
  files.write('one/x.csv', 'same\n');
  files.write('two/x.csv', 'same\n');
  expect((await files.load('one/x.csv')).delivered).toHaveLength(1);
  expect((await files.load('two/x.csv')).delivered).toHaveLength(1);
});

test('delivered files are moved with their path below the glob, and a later run has nothing to do', async () => {
  const files = new Files();
  files.write('in/sub/x.csv', '1\n');
  const config = { finishedPath: join(files.root, 'in/done') };
  expect((await files.load('in/**/*.csv', config)).paths).toEqual(['in/sub/x.csv']);
  expect(existsSync(join(files.root, 'in/done/sub/x.csv'))).toBe(true);
  const again = await files.load('in/**/*.csv', config);
  expect(again.delivered).toEqual([]);
  expect(again.context.states).toEqual([]);
});

test('every file belongs to one of the tasks, of which there are no more than files', async () => {
  const files = new Files();
  const names = ['1.csv', '2.csv', '3.csv', '4.csv', '5.csv'];
  for (const name of names) files.write(name, '1\n');
  expect(await local.taskCount?.(files.config('*.csv'), 2)).toBe(2);
  expect(await local.taskCount?.(files.config('*.csv'), 50)).toBe(5);
  expect(await local.taskCount?.(files.config('*.none'), 50)).toBe(1);
  const loaded: string[] = [];
  for (const taskId of [0, 1])
    loaded.push(...(await files.load('*.csv', {}, { taskId, taskCount: 2 })).paths);
  expect(loaded.sort()).toEqual(names);
});

test('a link that is named is followed, and links that a glob finds are not', async () => {
  const files = new Files();
  const path = files.write('data/2026-01-10.csv', '1\n');
  symlinkSync(path, join(files.root, 'latest.csv'));
  expect((await files.load('latest.csv')).paths).toEqual(['latest.csv']);
  await expect(files.load('*.csv', {}, { taskCount: 1 })).resolves.toMatchObject({ delivered: [] });
});

test('no file at all is an error that trying again does not mend', async () => {
  const files = new Files();
  await expect(files.load('in/*.csv')).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    retriable: false,
    message: expect.stringMatching(/no file matches input.path ".*in\/\*.csv"; check the path/),
  });
});

test('a folder is an error that says what to use instead', async () => {
  const files = new Files();
  await expect(files.load('.')).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    retriable: false,
    message: expect.stringContaining('is a folder; use connector.class: directory'),
  });
});

test('a file that vanished before its turn is passed over', async () => {
  const files = new Files();
  files.write('a.csv', '1\n');
  files.write('b.csv', '2\n');
  const { paths } = await files.load(
    '*.csv',
    {},
    { onChunk: () => rmSync(join(files.root, 'b.csv'), { force: true }) },
  );
  expect(paths).toEqual(['a.csv']);
});

test('the files that would be read are counted, without those that are put away', async () => {
  const files = new Files();
  for (const path of ['in/a.csv', 'in/b.csv', 'in/done/c.csv']) files.write(path, '1\n');
  const finishedPath = join(files.root, 'in/done');
  const count = (config: LocalConfig) => local.countFiles?.(config);
  expect(await count(files.config('in/**/*.csv'))).toBe(3);
  expect(await count(files.config('in/**/*.csv', { finishedPath }))).toBe(2);
  expect(await count(files.config('none/*.csv', { errorPath: join(files.root, 'not there') }))).toBe(0);
});
