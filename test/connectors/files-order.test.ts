import { expect, test } from 'vitest';
import directory from '../../connectors/directory/index.ts';
import { checkOrder, FilesOrder } from '../../connectors/files/watching/files-order.ts';
import s3 from '../../connectors/s3/index.ts';
import { FileRejected } from '../../src/plugin/index.ts';
import { DropFolder } from './drop-folder.ts';

const pathsOf = (delivered: readonly { path: string }[]) => delivered.map(({ path }) => path);

const listed = (path: string, { size = 0, mtimeNs = 0n } = {}) => ({
  ...{ path, place: path, absolute: path },
  version: { size, mtimeNs, identity: '', change: '' },
});

test.each([
  ['time', ['c.csv', 'b.csv', 'a.csv', 'd.csv']],
  ['name', ['a.csv', 'b.csv', 'c.csv', 'd.csv']],
  ['size', ['d.csv', 'c.csv', 'a.csv', 'b.csv']],
  ['strict', ['c.csv', 'b.csv', 'a.csv', 'd.csv']],
  [' strict   size ', ['d.csv', 'c.csv', 'a.csv', 'b.csv']],
])('files.order %j puts files in its order, and those that are alike by their paths', (text, expected) => {
  const files = [
    listed('d.csv', { size: 1, mtimeNs: 9n }),
    listed('b.csv', { size: 7, mtimeNs: 2n }),
    listed('a.csv', { size: 5, mtimeNs: 5n }),
    listed('c.csv', { size: 5, mtimeNs: 1n }),
  ].map((file) => (file.path === 'c.csv' ? { ...file, version: { ...file.version, size: 4 } } : file));
  expect(pathsOf(new FilesOrder(text).sorted(files))).toEqual(expected);
});

test.each([
  ['{yyyy}-{MM}-{dd}', ['b_2025-12-31.csv', 'a_2026-01-02.csv', 'c_2026-02-01.csv']],
  ['{dd}.{MM}.{yyyy}', ['x 31.12.2025.csv', 'x 01.01.2026.csv', 'x 02.01.2026.csv']],
  ['{yyyy}{MM}{dd}', ['1_20251231.csv', '2_20260101_1.csv', '2_20260101_2.csv', '0_20260102.csv']],
  ['{yyyy}/{MM}/{dd}/', ['2025/12/31/z.csv', '2026/01/01/a.csv', '2026/01/01/b.csv', '2026/10/01/a.csv']],
  ['{HH}{mm}{ss}.', ['z.000000.csv', 'y.095959.csv', 'x.235959.csv']],
  ['T{yyyy}{MM}{dd}-{HH}{mm}', ['b-T20260101-0930.csv', 'a-T20260101-1600.csv']],
])(
  'files.order %j goes by the date in names and folders, whatever else they begin with',
  (text, expected) => {
    const files = expected.map((path) => listed(path)).reverse();
    expect(pathsOf(new FilesOrder(text).sorted(files))).toEqual(expected);
  },
);

test('a number that is no date, or the end of a longer one, is passed over; names without a date come last', () => {
  const order = new FilesOrder('{yyyy}{MM}{dd}');
  expect(order.dateIn('9920260102_20260103.csv')).toBe(order.dateIn('20260103.csv'));
  expect(order.dateIn('20261301_20260228.csv')).toBe(order.dateIn('20260228.csv'));
  expect(order.dateIn('trades.csv')).toBeNull();
  const files = ['b.csv', 'x_20260102.csv', 'a.csv', 'y_20260101.csv'].map((path) => listed(path));
  expect(pathsOf(order.sorted(files))).toEqual(['y_20260101.csv', 'x_20260102.csv', 'a.csv', 'b.csv']);
});

test.each([
  [
    'newest',
    false,
    'expected time, name, size or a date as names have it, such as {yyyy}-{MM}-{dd}, with or',
  ],
  ['strictly', false, 'got "strictly"'],
  [
    '{yyyy}{mm}{DD}',
    false,
    'expected a date of {yyyy}, {MM}, {dd}, {HH}, {mm}, {ss} and text between them, got {DD}',
  ],
  ['newest', true, 'expected name, with or without strict before it, got "newest"'],
  ['time', true, 'got "time", but objects come in the order of their names'],
  ['strict {yyyy}', true, 'got "strict {yyyy}", but objects come in the order of their names'],
])('files.order %j is a mistake that is told in one line (page by page: %j)', (text, isPaged, message) => {
  const problems = [...checkOrder(text, isPaged)];
  expect(problems).toEqual([{ key: 'files.order', message: expect.stringContaining(message) }]);
});

test.each([
  ['time', false],
  ['strict', false],
  ['strict {yyyy}', false],
  ['name', true],
  ['strict', true],
  ['strict name', true],
])('files.order %j is none (page by page: %j)', (text, isPaged) => {
  expect([...checkOrder(text, isPaged)]).toEqual([]);
});

test('a strict order has one task, whatever tasks.max says', () => {
  const tasks = (filesOrder: string) => directory.taskCount?.({ filesOrder } as never, 4);
  expect(['time', 'strict', 'strict name'].map(tasks)).toEqual([4, 1, 1]);
  expect(s3.taskCount?.({ filesOrder: 'strict' } as never, 3)).toBe(1);
});

test('files that wait are loaded in the order of their names, or of the dates in them', async () => {
  const byName = new DropFolder();
  for (const [age, name] of ['c.csv', 'a.csv', 'b.csv'].entries()) byName.drop(name, '1\n', age);
  const named = await byName.watch({ ends: 3, config: { filesOrder: 'name' } });
  expect(pathsOf(named.delivered)).toEqual(['a.csv', 'b.csv', 'c.csv']);

  const byDate = new DropFolder();
  for (const [age, name] of ['a.20260103.csv', 'none.csv', 'b.20260101.csv'].entries())
    byDate.drop(name, '1\n', age);
  const { delivered, context } = await byDate.watch({ ends: 3, config: { filesOrder: '{yyyy}{MM}{dd}' } });
  expect(pathsOf(delivered)).toEqual(['b.20260101.csv', 'a.20260103.csv', 'none.csv']);
  expect(context.told).toContainEqual({
    level: 'warn',
    message: 'name has no date as files.order says; the file comes after those that have one',
    fields: { file: 'none.csv' },
  });
});

test('a file that waits for its marker holds up those behind it where the order is strict, and nobody else', async () => {
  const files = ['1.csv', '2.csv', '2.csv.ok', '3.csv', '3.csv.ok'];
  const config = { readyMarker: '{name}.ok', filesOrder: 'name', scanIntervalMs: 100 };
  const loose = new DropFolder();
  for (const name of files) loose.drop(name, 'row\n');
  const { delivered } = await loose.watch({ ends: 2, config });
  expect(pathsOf(delivered)).toEqual(['2.csv', '3.csv']);

  const strict = new DropFolder();
  for (const name of files) strict.drop(name, 'row\n');
  let rounds = 0;
  const held = await strict.watch({
    config: { ...config, filesOrder: 'strict name' },
    until: ({ told }) => told.some(({ message }) => message.startsWith('later files wait')) && ++rounds > 30,
  });
  expect(held.delivered).toEqual([]);
  expect(held.context.told.filter(({ message }) => message.startsWith('later files wait'))).toEqual([
    { level: 'info', message: 'later files wait for this one (files.order)', fields: { file: '1.csv' } },
  ]);
  strict.drop('1.csv.ok', '');
  const freed = await strict.watch({ ends: 3, config: { ...config, filesOrder: 'strict name' } });
  expect(pathsOf(freed.delivered)).toEqual(['1.csv', '2.csv', '3.csv']);
});

test('in a strict order a file that is still written to is waited for', async () => {
  const folder = new DropFolder();
  folder.drop('b.csv', 'row\n', 2);
  folder.drop('a.csv', 'row\n', 1);
  let writes = 0;
  const { delivered } = await folder.watch({
    ends: 2,
    config: { filesOrder: 'strict', settleMs: 150, scanIntervalMs: 50 },
    until: ({ states }) => {
      if (writes++ < 50) folder.drop('a.csv', 'row\n'.repeat(writes), 1);
      return states.filter(({ state }) => state === 'COMPLETED').length === 2;
    },
  });
  expect(pathsOf(delivered)).toEqual(['a.csv', 'b.csv']);
});

test('a file that was begun goes on before one that has come since, whose name is before it', async () => {
  const folder = new DropFolder();
  folder.drop('b.csv', 'one\n'.repeat(100_000));
  let chunks = 0;
  const config = { filesOrder: 'strict name' };
  await folder.watch({ config, onChunk: () => ++chunks < 2, until: () => false });
  expect(folder.offsets.all().map(({ offset }) => offset.eof)).toEqual([undefined]);
  folder.drop('a.csv', 'two\n');
  const { delivered } = await folder.watch({ ends: 2, config });
  expect(pathsOf(delivered)).toEqual(['b.csv', 'a.csv']);
});

test('a file that is given up holds up nobody, also where the order is strict', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  folder.drop('b.csv', 'row\n');
  const rejected: unknown[] = [];
  const { delivered } = await folder.watch({
    ends: 2,
    config: { filesOrder: 'strict name', errorPath: folder.failed },
    onRejected: (file) => rejected.push(file),
  });
  expect(rejected).toEqual([expect.any(FileRejected)]);
  expect(pathsOf(delivered)).toEqual(['b.csv']);
});
