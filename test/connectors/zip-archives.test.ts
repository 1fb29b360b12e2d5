import { crc32, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { SourceChunk } from '../../src/plugin/index.ts';
import { DropFolder, lines, text } from './drop-folder.ts';
import { zipOf } from './zip-archive.ts';

const MEMBERS = [
  { name: 'one.csv', content: '1\n2\n' },
  { name: 'in/two.csv', content: '3\n4\n5\n' },
  { name: 'three.csv', content: '6\n' },
];

const delivered = (deliveries: readonly { path: string; lines: readonly string[] }[]) =>
  deliveries.map(({ path, lines: rows }) => [path, rows]);

test('each file of an archive is read as a file of its own, in the order of the archive, which is one file', async () => {
  const folder = new DropFolder();
  folder.drop('all.zip', zipOf(MEMBERS));
  const chunks: SourceChunk[] = [];
  const run = await folder.watch({
    config: { finishedPath: folder.done },
    onChunk: (chunk) => chunks.push(chunk),
  });
  expect(delivered(run.delivered)).toEqual([
    ['all.zip/one.csv', ['1', '2']],
    ['all.zip/in/two.csv', ['3', '4', '5']],
    ['all.zip/three.csv', ['6']],
  ]);
  expect(chunks.filter(({ eof }) => eof).map(({ file }) => file.name)).toEqual([
    'one.csv',
    'two.csv',
    'three.csv',
  ]);
  expect(run.context.states.map(({ path, state }) => `${path} ${state}`)).toEqual(
    ['DISCOVERED', 'READING', 'DELIVERED', 'COMPLETED'].map((state) => `all.zip ${state}`),
  );
  expect(run.context.states.at(-1)?.detail).toMatchObject({ rows: 6, produced: 6, action: 'moved' });
  const [offset] = folder.offsets.all();
  expect(folder.offsets.all()).toHaveLength(1);
  expect(offset?.partition).toMatchObject({ file: 'all.zip' });
  expect(offset?.offset).toMatchObject({ position: 12, row: 6, produced: 6, eof: true });
  expect(offset?.offset.crc32).toBe(crc32('1\n2\n3\n4\n5\n6\n'));
  expect(folder.list('done')).toEqual(['all.zip']);
});

test('folders and what programs put beside are passed over, and files without rows are files', async () => {
  const folder = new DropFolder();
  folder.drop(
    'all.zip',
    zipOf([
      { name: 'in/', content: '' },
      { name: 'in/none.csv', content: '' },
      { name: '__MACOSX/in/._one.csv', content: 'x' },
      { name: 'in/one.csv', content: '1\n' },
      { name: 'in/.DS_Store', content: 'x' },
      { name: 'in/last.csv', content: '' },
    ]),
  );
  const run = await folder.watch();
  expect(delivered(run.delivered)).toEqual([
    ['all.zip/in/none.csv', []],
    ['all.zip/in/one.csv', ['1']],
    ['all.zip/in/last.csv', []],
  ]);
});

test.each([
  [
    'with a password',
    { isEncrypted: true },
    'is a zip archive with a password, of which this holds for "b.csv"; unpack it',
  ],
  [
    'packed by another method',
    { method: 93 },
    'is a zip archive packed by method 93, which cannot be read, of which this holds for "b.csv"; pack it by deflate, or unpack it',
  ],
])('one of which a file is %s is given up before its first row', async (_, odd, expected) => {
  const folder = new DropFolder();
  folder.drop(
    'a.zip',
    zipOf([
      { name: 'a.csv', content: '1\n' },
      { name: 'b.csv', content: '2\n', ...odd },
    ]),
  );
  expect((await folder.rejection())?.message).toBe(`"a.zip" ${expected}`);
  expect(folder.offsets.all()).toEqual([]);
});

test('one of which a file is damaged is given up at that file, and goes on there when it was mended', async () => {
  const folder = new DropFolder();
  const config = { errorPath: folder.failed };
  const [one, two, three] = MEMBERS as [(typeof MEMBERS)[0], (typeof MEMBERS)[0], (typeof MEMBERS)[0]];
  folder.drop('all.zip', zipOf([one, { ...two, crc: 1 }, three]));
  const rejection = await folder.rejection({ config });
  expect(rejection?.message).toBe(
    '"all.zip" cannot be decompressed (zip) after byte 10 of its content ("in/two.csv" has not the size and CRC-32 that the archive says); it is cut short or damaged: have it sent again',
  );
  expect(rejection?.file.path).toBe('all.zip/in/two.csv');
  expect(folder.list('failed')).toEqual(['all.zip', 'all.zip.error.json']);
});

const LARGE = ['a', 'b', 'c', 'd'].map((name) => ({
  name: `${name}.csv`,
  content: text(lines(60_000).map((line) => `${name}${line}`)),
}));
const ROWS = LARGE.map(({ content }) => content).join('');

/** Stops the task at this chunk, counted from 1, as a crash would. */
const stoppedAt = (chunk: number) => {
  let chunks = 0;
  return () => ++chunks < chunk;
};

test.each([2, 3, 4, 5, 6, 8, 10, 12, 13])(
  'a task that ends at chunk %i of an archive goes on where it was, in the same file or the next',
  async (chunk) => {
    const folder = new DropFolder();
    folder.drop('all.zip', zipOf(LARGE));
    const first = await folder.watch({ onChunk: stoppedAt(chunk) });
    const second = await folder.watch();
    const rows = [...first.delivered, ...second.delivered];
    expect(text(rows.flatMap((file) => file.lines))).toBe(ROWS);
    expect(second.context.states.at(-1)).toMatchObject({ state: 'COMPLETED', detail: { rows: 240_000 } });
    expect(folder.offsets.all()[0]?.offset).toMatchObject({ eof: true, crc32: crc32(ROWS), row: 240_000 });
    const starts = new Map<string, number>();
    for (const { path, lines: some } of rows) starts.set(path, (starts.get(path) ?? 0) + some.length);
    expect([...starts.values()]).toEqual([60_000, 60_000, 60_000, 60_000]);
  },
);

test('an archive that was delivered is known when it comes again, and one that has got files more goes on with these', async () => {
  const folder = new DropFolder();
  folder.drop('all.zip', zipOf(LARGE.slice(0, 1)));
  await folder.watch();
  folder.drop('all.zip', zipOf(LARGE.slice(0, 1)), 60);
  expect((await folder.watch()).context.states.at(-1)?.state).toBe('SKIPPED');
  folder.drop('all.zip', zipOf(LARGE.slice(0, 3)), 120);
  const more = await folder.watch();
  expect(more.delivered.map(({ path, lines: rows }) => [path, rows.length])).toEqual([
    ['all.zip/b.csv', 60_000],
    ['all.zip/c.csv', 60_000],
  ]);
  folder.drop('all.zip', zipOf([...LARGE.slice(0, 3), { name: 'd.csv', content: '1\n' }]), 180);
  expect(delivered((await folder.watch()).delivered)).toEqual([['all.zip/d.csv', ['1']]]);
});

test('a file whose trailer row is asked for cannot be an archive of several', async () => {
  const folder = new DropFolder();
  folder.drop('all.zip', zipOf([...MEMBERS, { name: 'd.csv', content: '1\nEND 1\n' }]));
  expect((await folder.rejection({ config: { readyPattern: 'END {rows}' } }))?.message).toBe(
    '"all.zip" is a zip archive of 4 files, of which no trailer row is looked for (ready.pattern); unpack it, or leave ready.pattern out',
  );
});

test('what is compressed once more in an archive is no file of rows', async () => {
  const folder = new DropFolder();
  const inner = { name: 'b.csv.gz', content: gzipSync('1\n').toString('latin1') };
  folder.drop('all.zip', zipOf([{ name: 'a.csv', content: '1\n' }, inner]));
  const run = await folder.watch();
  expect(run.delivered.map(({ path }) => path)).toEqual(['all.zip/a.csv', 'all.zip/b.csv.gz']);
});
