import { createHash } from 'node:crypto';
import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { checkWatching } from '../../../../connectors/files/options.ts';
import { checkMarker } from '../../../../connectors/files/ready/companions.ts';
import { DropFolder } from '../../drop-folder.ts';
import { type TestContext, WATCHING } from '../../support.ts';

const QUICK = { scanIntervalMs: 100, settleMs: 20 };
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

function waitsIn({ states }: TestContext, path: string): unknown[] {
  const errors = states.filter((state) => state.path === path && state.state === 'DISCOVERED');
  return errors.flatMap(({ detail }) => detail.error ?? []);
}

test('a file is taken only once its marker is there, says meanwhile what it waits for, and both are moved', async () => {
  const folder = new DropFolder();
  folder.drop('sub/a.csv', '1\n');
  folder.drop('b.csv', '2\n');
  folder.drop('b.csv.done', 'not a row\n');
  const { delivered, context } = await folder.watch({
    ends: 2,
    config: { ...QUICK, readyMarker: '{name}.done', finishedPath: folder.done },
    onChunk: ({ file, eof }) => {
      if (file.path === 'b.csv' && eof) setTimeout(() => folder.drop('sub/a.csv.done', ''), 300);
    },
  });
  expect(delivered).toMatchObject([{ path: 'b.csv' }, { path: 'sub/a.csv', lines: ['1'] }]);
  expect(waitsIn(context, 'sub/a.csv')).toEqual(['waits for its marker "a.csv.done" (ready.marker)']);
  expect(waitsIn(context, 'b.csv')).toEqual([]);
  expect(folder.list('done')).toEqual(['b.csv', 'b.csv.done', 'sub/a.csv', 'sub/a.csv.done']);
  expect(folder.list('in')).toEqual([]);
});

test('a marker named by the stem goes with its file when that is deleted, and one that stays stays', async () => {
  for (const finishedDelete of [true, false]) {
    const folder = new DropFolder();
    folder.drop('a.csv.gz', gzipSync('1\n'));
    folder.drop('done_a', '');
    await folder.watch({ config: { ...QUICK, readyMarker: 'done_{stem}', finishedDelete } });
    expect(folder.list('in')).toEqual(finishedDelete ? [] : ['a.csv.gz', 'done_a']);
  }
});

test('a file whose marker was moved by a process that ended before it moved the file is moved, not waited for', async () => {
  const folder = new DropFolder();
  const config = { ...QUICK, readyMarker: '{name}.done', finishedPath: folder.done };
  folder.drop('a.csv', '1\n');
  folder.drop('a.csv.done', '');
  const isEnded = () => folder.offsets.all().some(({ offset }) => offset.eof === true);
  await folder.watch({ config, crashBeforeFinish: true, until: isEnded });
  unlinkSync(join(folder.input, 'a.csv.done'));
  const { delivered, context } = await folder.watch({ config });
  expect(delivered).toEqual([]);
  expect(waitsIn(context, 'a.csv')).toEqual([]);
  expect(folder.list('done')).toEqual(['a.csv']);
});

test('a file that comes again as it was waits for its marker again', async () => {
  const folder = new DropFolder();
  const config = {
    ...QUICK,
    readyMarker: '{name}.done',
    finishedDelete: true,
    onReappear: 'reprocess',
  } as const;
  folder.drop('a.csv', '1\n');
  folder.drop('a.csv.done', '');
  await folder.watch({ config });
  folder.drop('a.csv', '1\n');
  const { delivered, context } = await folder.watch({
    config,
    until: (running) => {
      const { length } = waitsIn(running, 'a.csv');
      if (length > 0 && !folder.has('in/a.csv.done')) folder.drop('a.csv.done', '');
      return running.states.some(({ state }) => state === 'COMPLETED');
    },
  });
  expect(waitsIn(context, 'a.csv')).toHaveLength(1);
  expect(delivered).toMatchObject([{ path: 'a.csv', lines: ['1'] }]);
});

test('a marker without its file is told once, and a marker beside its file is not', async () => {
  const folder = new DropFolder();
  folder.drop('gone.csv.done', '');
  folder.drop('a.csv', '1\n');
  folder.drop('a.csv.done', '');
  let listings = 0;
  const counting = setInterval(() => writeFileSync(join(folder.input, `${listings++}.txt`), ''), 120);
  const { context } = await folder.watch({
    config: { ...QUICK, readyMarker: '{name}.done', inputFilePattern: '*.csv' },
    until: () => listings > 6,
  });
  clearInterval(counting);
  const told = context.told.filter(({ message }) => message.includes('without its file'));
  expect(told.map(({ fields }) => fields.file)).toEqual(['gone.csv.done']);
});

test('a file is held against its checksum, compressed or not, and both are moved', async () => {
  const folder = new DropFolder();
  const content = gzipSync('1\n2\n');
  folder.drop('a.csv.gz', content);
  folder.drop('a.csv.gz.sha256', '');
  setTimeout(
    () => writeFileSync(join(folder.input, 'a.csv.gz.sha256'), `${sha256(content)}  a.csv.gz\n`),
    400,
  );
  const { delivered, context } = await folder.watch({
    config: { ...QUICK, readyChecksum: 'sha256', finishedPath: folder.done },
  });
  expect(delivered).toMatchObject([{ path: 'a.csv.gz', lines: ['1', '2'] }]);
  expect(waitsIn(context, 'a.csv.gz')).toEqual([
    'waits for its sha256 in "a.csv.gz.sha256", which has none of it (ready.checksum)',
  ]);
  expect(folder.list('done')).toEqual(['a.csv.gz', 'a.csv.gz.sha256']);
});

test('a file that differs from its checksum is given up before its first row, and put away with it', async () => {
  const folder = new DropFolder();
  const config = {
    ...QUICK,
    readyChecksum: 'sha256',
    errorPath: folder.failed,
    finishedPath: folder.done,
  } as const;
  folder.drop('a.csv', '1\n');
  folder.drop('a.csv.sha256', sha256('2\n'));
  const { delivered, context } = await folder.watch({ config });
  expect(delivered).toEqual([]);
  expect(context.states.at(-1)).toMatchObject({
    state: 'FAILED',
    detail: { code: 'SOURCE_MALFORMED', error: expect.stringContaining(`expected sha256 ${sha256('2\n')}`) },
  });
  expect(folder.list('failed')).toContain('a.csv.sha256');
  expect(folder.list('in')).toEqual([]);
  // Mended and put back, with its checksum.
  renameSync(join(folder.failed, 'a.csv.sha256'), join(folder.input, 'a.csv.sha256'));
  folder.drop('a.csv', '2\n');
  expect((await folder.watch({ config })).delivered).toMatchObject([{ lines: ['2'] }]);
});

test('a file that is written to after it was held against its checksum is not delivered to its end', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  folder.drop('a.csv.sha256', sha256('1\n'));
  let isAppended = false;
  const rejection = await folder.rejection({
    config: { ...QUICK, readyChecksum: 'sha256' },
    onChunk: () => {
      if (!isAppended) folder.drop('a.csv', '1\n2\n', 60);
      isAppended = true;
    },
  });
  expect(rejection).toMatchObject({ code: 'SOURCE_CHANGED', retriable: true });
  expect(rejection?.message).toContain('after its sender said that it is complete');
});

test('what input.file.ignore says takes the place of the list', async () => {
  const folder = new DropFolder();
  for (const path of ['a.tmp', 'b.csv', 'c_TEST.csv', '_job/d.csv', 'old/e.csv'])
    folder.drop(path, `${path}\n`);
  const { delivered } = await folder.watch({ ends: 3, config: { inputFileIgnore: ['*_test.*', 'old/'] } });
  expect(delivered.map(({ path }) => path).sort()).toEqual(['_job/d.csv', 'a.tmp', 'b.csv']);
});

test.each([
  ['{name}.done', 0],
  ['.{stem}-ready', 0],
  ['_SUCCESS', 1],
  ['{name}', 1],
  ['markers/{name}', 1],
])('the marker %j has %i mistakes', (readyMarker, mistakes) => {
  expect([...checkMarker({ readyMarker, readyChecksum: null })]).toHaveLength(mistakes);
});

test('globs to ignore with commas in them are a mistake', () => {
  const config = { ...WATCHING, inputFileIgnore: ['*.{tmp', 'part}'], scanIntervalMs: 1000 };
  expect([...checkWatching(config)].map(({ key }) => key)).toEqual(['input.file.ignore']);
});
