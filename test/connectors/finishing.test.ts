import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import directory from '../../connectors/directory/index.ts';
import { FileRejected } from '../../src/plugin/index.ts';
import { DropFolder, lines, text } from './drop-folder.ts';
import { givenUp, LIMITS, Rows, temporaryFolder, testContext, WATCHING } from './support.ts';

/** A task that reads the folder's files as soon as they are found. */
async function taskOn(
  folder: DropFolder,
  errorPath: string | null,
  finishedPath: string | null = folder.done,
) {
  const context = testContext(folder.offsets);
  const config = {
    inputPath: folder.input,
    inputFilePattern: '*',
    settleMs: 0,
    scanIntervalMs: 1000,
    finishedPath,
    finishedDelete: false,
    errorPath,
    onReappear: 'auto',
    ...LIMITS,
    ...WATCHING,
  } as const;
  return { task: await directory.createTask(config, context), context };
}

test('a delivered file is moved with its path, and nothing that is there is overwritten', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done };
  mkdirSync(join(folder.done, 'sub'), { recursive: true });
  writeFileSync(join(folder.done, 'sub/x.csv.gz'), 'older');
  const content = gzipSync('1\n');
  folder.drop('sub/x.csv.gz', content);
  const { delivered, context } = await folder.watch({ config });
  const target = `sub/x.${delivered[0]?.generation}.csv.gz`;
  expect(folder.list('done').sort()).toEqual(['sub/x.csv.gz', target].sort());
  expect(folder.read('done/sub/x.csv.gz')).toBe('older');
  expect(readFileSync(join(folder.done, target))).toEqual(content);
  expect(context.states.at(-1)).toMatchObject({
    state: 'COMPLETED',
    detail: { rows: 1, target: join(folder.done, target) },
  });
});

test('the last folder of a path is made when it is missing', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', '1\n');
  await folder.watch({ config: { finishedPath: folder.done } });
  expect(folder.list('done')).toEqual(['x.csv']);
});

test('a delivered file is deleted when that is asked for', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', '1\n');
  const { context } = await folder.watch({ config: { finishedDelete: true } });
  expect(folder.list('in')).toEqual([]);
  expect(context.states.at(-1)).toMatchObject({ state: 'COMPLETED', detail: { action: 'deleted' } });
});

test('no file is moved before the end of it is committed', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', text(lines(100_000)));
  await folder.watch({ config: { finishedPath: folder.done }, onChunk: ({ eof }) => !eof });
  expect(folder.list('in')).toEqual(['x.csv']);
});

test('a file that was delivered before a crash is finished and not read again', async () => {
  for (const onReappear of ['auto', 'skip', 'reprocess', 'fail'] as const) {
    const folder = new DropFolder();
    const config = { finishedPath: folder.done, onReappear };
    folder.drop('x.csv', '1\n');
    let hasEnded = false;
    await folder.watch({
      config,
      crashBeforeFinish: true,
      onChunk: ({ eof }) => {
        hasEnded = eof;
      },
      until: () => hasEnded && folder.offsets.all().some(({ offset }) => offset.eof === true),
    });
    expect(folder.list('in')).toEqual(['x.csv']);
    const { delivered, context } = await folder.watch({ config });
    expect(delivered).toEqual([]);
    expect(context.states).toMatchObject([
      { path: 'x.csv', state: 'COMPLETED', detail: { action: 'moved' } },
    ]);
    expect(folder.list('done')).toEqual(['x.csv']);
  }
});

test('another file under the name is left where it is, and loaded after', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', '1\n');
  const { delivered, context } = await folder.watch({
    ends: 2,
    config: { finishedPath: folder.done },
    onChunk: ({ eof, bytes }) => {
      if (!eof || bytes.length > 0 || existsSync(join(folder.root, 'replaced'))) return;
      renameSync(join(folder.input, 'x.csv'), join(folder.root, 'replaced'));
      folder.drop('x.csv', '2\n', 60);
    },
  });
  expect(delivered.map((delivery) => delivery.lines)).toEqual([['1'], ['2']]);
  const actions = context.states
    .filter(({ state }) => state === 'COMPLETED')
    .map(({ detail }) => detail.action);
  expect(actions).toEqual(['replaced', 'moved']);
  expect(folder.read('done/x.csv')).toBe('2\n');
});

test('rows appended between the last read and its commit are told and loaded, and then the file is moved', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', '1\n');
  let appended = false;
  const { delivered, context } = await folder.watch({
    ends: 2,
    config: { finishedPath: folder.done },
    onChunk: ({ eof }) => {
      if (eof && !appended) folder.drop('x.csv', '1\n2\n', 60);
      appended ||= eof;
    },
  });
  expect(delivered.map((delivery) => delivery.lines)).toEqual([['1'], ['2']]);
  expect(context.told.filter(({ message }) => message.startsWith('file changed after'))).toEqual([
    {
      level: 'warn',
      message: 'file changed after it was delivered; what is new in it is loaded now',
      fields: { file: 'x.csv', bytes: 2 },
    },
  ]);
  expect(folder.read('done/x.csv')).toBe('1\n2\n');
});

test('a commit that is told twice finishes the file once', async () => {
  const folder = new DropFolder();
  folder.drop('x.csv', '1\n');
  const { task, context } = await taskOn(folder, null);
  for await (const chunk of task.read()) {
    if (chunk instanceof FileRejected || !chunk.eof) continue;
    const progress = new Rows(chunk.file).push({ ...chunk, bytes: Buffer.from('1\n') });
    await task.committed?.(chunk.file, progress);
    await task.committed?.(chunk.file, progress);
    break;
  }
  context.stop();
  await task.close?.();
  expect(folder.list('done')).toEqual(['x.csv']);
});

test.runIf(existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync('/tmp').dev)(
  'a file is moved to another file system whole, with its date and without leftovers',
  async () => {
    const folder = new DropFolder();
    const elsewhere = temporaryFolder('/dev/shm');
    writeFileSync(join(elsewhere, 'x.csv'), 'older');
    const content = text(lines(100_000));
    const before = statSync(folder.drop('x.csv', content)).mtimeMs;
    const { delivered } = await folder.watch({ config: { finishedPath: elsewhere } });
    const target = join(elsewhere, `x.${delivered[0]?.generation}.csv`);
    expect(readFileSync(target, 'utf8')).toBe(content);
    expect(statSync(target).mtimeMs).toBe(before);
    expect(readFileSync(join(elsewhere, 'x.csv'), 'utf8')).toBe('older');
    expect(folder.list('in')).toEqual([]);
  },
);

test('a file that is given up is put away with the reason, and others go on', async () => {
  const folder = new DropFolder();
  folder.drop('bad.csv', text(lines(100_000)));
  folder.drop('good.csv', '1\n', 1);
  const { task, context } = await taskOn(folder, folder.failed);
  const seen: string[] = [];
  for await (const chunk of task.read()) {
    seen.push(chunk.file.path);
    if (chunk.file.path === 'bad.csv')
      expect(await task.failed?.(chunk.file, givenUp(chunk.file, 'no such encoding'))).toBe(true);
    else break;
  }
  context.stop();
  await task.close?.();
  expect(seen).toEqual(['bad.csv', 'good.csv']);
  expect(folder.list('failed')).toEqual(['bad.csv', 'bad.csv.error.json']);
  expect(JSON.parse(folder.read('failed/bad.csv.error.json'))).toEqual({
    ...{ file: 'bad.csv', connector: 'test', state: 'FAILED', code: 'SOURCE_MALFORMED' },
    reason: 'no such encoding',
    time: expect.stringMatching(/^20.*Z$/),
    generation: expect.stringMatching(/^[0-9a-f]{16}$/),
    ...{ position: 0, row: 0, line: 0, rows: { produced: 0, filtered: 0, rejected: 0 } },
  });
  expect(context.states.find(({ state }) => state === 'FAILED')).toMatchObject({
    path: 'bad.csv',
    detail: { error: 'no such encoding' },
  });
});

test('a file that is given up with no folder for it is left alone, and the folder is watched on', async () => {
  const folder = new DropFolder();
  folder.drop('bad.csv', '1\n');
  const results: unknown[] = [];
  const { task, context } = await taskOn(folder, null, null);
  for await (const chunk of task.read()) {
    results.push(await task.failed?.(chunk.file, givenUp(chunk.file, 'bad')));
    break;
  }
  context.stop();
  await task.close?.();
  expect(results).toEqual([true]);
  expect(folder.list('in')).toEqual(['bad.csv']);
});

test('a folder that cannot be used is an error that names its option, at the start', async () => {
  const folder = new DropFolder();
  const file = join(folder.root, 'file');
  writeFileSync(file, '');
  await expect(
    folder.watch({ config: { finishedPath: join(folder.root, 'no/such/folder') } }),
  ).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringMatching(/finished\.path ".*" cannot be used .*; make the folder ".*no\/such"/),
  });
  await expect(folder.watch({ config: { errorPath: file } })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringMatching(/error\.path ".*" cannot be used .*not a folder/),
  });
});

test('a folder that goes away holds up no other file, is told of once, and the file is put away when it is back', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done, scanIntervalMs: 100 };
  folder.drop('x.csv', '1\n');
  let wasRead = false;
  const { delivered, context } = await folder.watch({
    config,
    onChunk: ({ file }) => {
      if (file.path !== 'x.csv' || wasRead) return;
      wasRead = true;
      rmSync(folder.done, { recursive: true, force: true });
      writeFileSync(folder.done, 'in the way');
      folder.drop('y.csv', '2\n', 1);
    },
    until: ({ told, states }) => {
      const errors = told.filter(({ level }) => level === 'error').length;
      if (errors === 2 && existsSync(folder.done) && statSync(folder.done).isFile()) rmSync(folder.done);
      return states.filter(({ state }) => state === 'COMPLETED').length === 2;
    },
  });
  expect(delivered.map(({ lines: rows }) => rows)).toEqual([['1'], ['2']]);
  expect(folder.list('done')).toEqual(['x.csv', 'y.csv']);
  const errors = context.told.filter(({ level }) => level === 'error');
  expect(errors.map(({ fields }) => fields.file)).toEqual(['x.csv', 'y.csv']);
  expect(errors[0]).toMatchObject({
    message: 'file could not be put away',
    fields: {
      error: expect.stringMatching(/"x.csv" could not be put away \(finished\.path\).*; make the folder/),
    },
  });
  expect(context.states.filter(({ path, detail }) => path === 'x.csv' && 'error' in detail)).toHaveLength(1);
});

test.skipIf(process.getuid?.() === 0)(
  'folders that may not be written to are errors that name their options',
  async () => {
    const folder = new DropFolder();
    folder.drop('x.csv', '1\n');
    mkdirSync(folder.done, { mode: 0o500 });
    await expect(folder.watch({ config: { finishedPath: folder.done } })).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(/finished\.path .*EACCES.*may write to/),
    });
    chmodSync(folder.done, 0o700);
    chmodSync(folder.input, 0o500);
    const unmovable = folder.watch({ config: { finishedPath: folder.done } });
    await expect(unmovable).rejects.toThrow(/input\.path .*EACCES.*move files out of it/);
    const { delivered } = await folder.watch();
    expect(delivered).toHaveLength(1);
    chmodSync(folder.input, 0o700);
  },
);
