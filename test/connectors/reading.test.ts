import {
  appendFileSync,
  chmodSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DropFolder, lines, text } from './drop-folder.ts';

/** Three reads and a bit. */
const ROWS = lines(100_000);

test('an empty file is one empty last chunk, and is delivered', async () => {
  const folder = new DropFolder();
  folder.drop('empty.csv', '');
  const chunks: [number, boolean][] = [];
  const { delivered } = await folder.watch({ onChunk: ({ bytes, eof }) => chunks.push([bytes.length, eof]) });
  expect(chunks).toEqual([[0, true]]);
  expect(delivered).toMatchObject([{ path: 'empty.csv', lines: [] }]);
  expect(folder.offsets.all()).toMatchObject([{ offset: { position: 0, size: 0, eof: true } }]);
});

test('a file of several reads comes whole, in buffers that are not used again', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  const buffers: Buffer[] = [];
  const { delivered } = await folder.watch({ onChunk: ({ bytes }) => buffers.push(bytes) });
  expect(delivered[0]?.lines).toEqual(ROWS);
  expect(Buffer.concat(buffers).toString()).toBe(text(ROWS));
  expect(buffers.length).toBeGreaterThan(3);
});

test('an interrupted file goes on at the byte after the last committed row', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  let chunks = 0;
  const first = await folder.watch({ onChunk: () => ++chunks < 3 });
  const { delivered, context } = await folder.watch();
  expect([...(first.delivered[0]?.lines ?? []), ...(delivered[0]?.lines ?? [])]).toEqual(ROWS);
  expect(delivered[0]?.generation).toBe(first.delivered[0]?.generation);
  expect(first.delivered[0]?.lines.length).toBeGreaterThan(10_000);
  expect(context.states.find(({ state }) => state === 'READING')?.detail).toMatchObject({
    found: 'unfinished',
  });
});

test('a resumed parser is given the head of the file again', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  let chunks = 0;
  await folder.watch({ onChunk: () => ++chunks < 2 });
  const [stored] = folder.offsets.all();
  if (stored !== undefined) folder.offsets.store(stored.partition, { ...stored.offset, head: 25 });
  const starts: unknown[] = [];
  await folder.watch({ onChunk: ({ file }) => starts.push(file.start) });
  expect(starts[0]).toMatchObject({
    position: stored?.offset.position,
    head: 25,
    headBytes: Buffer.from(text(ROWS).slice(0, 25)),
  });
});

test('a file that was read to its end but not committed as such only ends', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n');
  await folder.watch({ onChunk: ({ eof }) => !eof });
  const { delivered } = await folder.watch();
  expect(delivered).toMatchObject([{ path: 'a.csv', lines: [] }]);
  expect(folder.offsets.all()).toMatchObject([{ offset: { row: 2, eof: true } }]);
});

test('an interrupted file that has grown goes on as the same file', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n');
  await folder.watch({ onChunk: ({ eof }) => !eof });
  folder.drop('a.csv', '1\n2\n3\n', 5);
  const { delivered } = await folder.watch();
  expect(delivered).toMatchObject([{ lines: ['3'] }]);
  expect(folder.offsets.all()).toHaveLength(1);
});

test.each([
  ['its first bytes', (rows: string[]) => ['other', ...rows.slice(1)], 'head'],
  [
    'the bytes just before the last committed row',
    (rows: string[]) => rows.map((row, at) => (at > 20_000 ? `9${row.slice(1)}` : row)),
    'tail',
  ],
  ['its length', (rows: string[]) => rows.slice(0, 10_000), 'size'],
])(
  'an interrupted file with other content, seen by %s, is loaded anew and the log says so',
  async (_, change, check) => {
    const folder = new DropFolder();
    folder.drop('a.csv', text(ROWS));
    let chunks = 0;
    await folder.watch({ onChunk: () => ++chunks < 3 });
    const rows = change(ROWS);
    folder.drop('a.csv', text(rows), 5);
    const { delivered, context } = await folder.watch();
    expect(delivered[0]?.lines).toEqual(rows);
    expect(folder.offsets.all()).toHaveLength(2);
    expect(context.told.find(({ level }) => level === 'warn')).toMatchObject({
      fields: { file: 'a.csv', check },
    });
  },
);

test('an offset written by a person needs no checks, but must say how far', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n3\n');
  folder.offsets.store({ file: 'a.csv', generation: 'mine' }, { position: 2, row: 1, line: 1, head: 0 });
  const { delivered } = await folder.watch();
  expect(delivered).toEqual([{ path: 'a.csv', generation: 'mine', lines: ['2', '3'] }]);
  const other = new DropFolder();
  other.drop('a.csv', '1\n2\n3\n');
  other.offsets.store({ file: 'a.csv', generation: 'mine' }, { position: '2', row: 1 });
  const { context } = await other.watch();
  expect(context.states).toContainEqual({
    path: 'a.csv',
    state: 'FAILED',
    detail: { error: expect.stringContaining('has position "2", not a whole number') },
  });
});

test('a file that is cut short while it is read is an error', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', text(ROWS));
  const cut = await folder.rejection({ onChunk: () => truncateSync(path, 20) });
  expect(cut).toMatchObject({
    code: 'SOURCE_CHANGED',
    retriable: true,
    message: expect.stringContaining('"a.csv" was cut short'),
  });
});

test('a file that is written anew in place while it is read is an error', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', text(ROWS));
  const rewritten = await folder.rejection({ onChunk: () => writeFileSync(path, text([...ROWS].reverse())) });
  expect(rewritten).toMatchObject({
    code: 'SOURCE_CHANGED',
    message: expect.stringContaining('written anew'),
  });
});

test('a file that is appended to while it is read is read to its new end', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', text(ROWS));
  const more: string[] = [];
  const append = () => {
    if (more.length === 8) return;
    more.push(`more ${more.length}`);
    appendFileSync(path, text(more.slice(-1)));
  };
  const { delivered } = await folder.watch({ onChunk: ({ eof }) => eof || append() });
  expect(delivered[0]?.lines).toEqual([...ROWS, ...more]);
  expect(more).toHaveLength(8);
  expect(folder.offsets.all()).toMatchObject([{ offset: { size: statSync(path).size, eof: true } }]);
});

test('a file that is changed in place while it is read, behind its first bytes, is an error, and is loaded anew', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', text(ROWS));
  const other = ROWS.with(15_000, '9'.repeat(9));
  let chunks = 0;
  const mixed = folder.watch({
    config: { finishedPath: folder.done },
    onChunk: () => {
      if (++chunks === 3) writeFileSync(path, text(other), { flag: 'r+' });
    },
  });
  await expect(mixed).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
    retriable: true,
    message: expect.stringContaining('"a.csv" was changed in place'),
  });
  const { delivered } = await folder.watch({ config: { finishedPath: folder.done } });
  expect(delivered).toMatchObject([{ lines: other }]);
});

test('an interrupted file of which an early row has changed in place is loaded anew, even with its time put back', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  let chunks = 0;
  await folder.watch({ onChunk: () => ++chunks < 3 });
  const other = ROWS.with(10_000, '9'.repeat(9));
  folder.drop('a.csv', text(other));
  const { delivered, context } = await folder.watch();
  expect(delivered[0]?.lines).toEqual(other);
  expect(context.told.find(({ level }) => level === 'warn')).toMatchObject({
    fields: { file: 'a.csv', check: 'content' },
  });
});

test('a file that is only touched while it is read is loaded once', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', text(ROWS));
  const { delivered } = await folder.watch({ onChunk: () => utimesSync(path, 1e9, 1e9) });
  expect(delivered).toMatchObject([{ lines: ROWS }]);
});

test('a file that is deleted while it is read is loaded whole, and one that vanished before is passed over', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  folder.drop('b.csv', '1\n', 1);
  folder.drop('c.csv', '2\n', 2);
  const { delivered, context } = await folder.watch({
    ends: 2,
    config: { finishedPath: folder.done },
    onChunk: () => ['a.csv', 'b.csv'].map((path) => rmSync(join(folder.input, path), { force: true })),
  });
  expect(delivered.map(({ path, lines: rows }) => [path, rows.length])).toEqual([
    ['a.csv', ROWS.length],
    ['c.csv', 1],
  ]);
  expect(context.told.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

test('a task that is told to stop in the middle of a file stops there, without a last chunk', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', text(ROWS));
  const ends: boolean[] = [];
  const takeSlowly = ({ eof }: { eof: boolean }) => {
    ends.push(eof);
    return new Promise((resolve) => setTimeout(resolve, 50));
  };
  await folder.watch({ onChunk: takeSlowly, until: () => ends.length > 0 });
  expect(ends).toEqual([false]);
  const { delivered } = await folder.watch();
  expect(folder.offsets.all()).toMatchObject([{ offset: { row: ROWS.length, eof: true } }]);
  expect(delivered).toHaveLength(1);
});

test('offsets are flat, of whole numbers, and of a partition with file first', async () => {
  const folder = new DropFolder();
  folder.drop('sub/a.csv', '1\n2');
  await folder.watch();
  const [stored] = folder.offsets.all();
  expect(JSON.stringify(stored?.partition)).toMatch(/^{"file":"sub\/a.csv","generation":"[0-9a-f]{16}"}$/);
  expect(stored?.offset).toEqual({
    position: 3,
    row: 2,
    line: 2,
    head: 0,
    produced: 2,
    filtered: 0,
    rejected: 0,
    crc32: expect.any(Number),
    fingerprint: stored?.partition.generation,
    fingerprintBytes: 3,
    tail: stored?.partition.generation,
    tailBytes: 3,
    size: 3,
    mtimeMs: Date.parse('2020-01-01T00:00:00Z'),
    identity: expect.stringMatching(/^\d+\.\d+$/),
    change: expect.stringMatching(/^\d+$/),
    eof: true,
  });
});

test.skipIf(process.getuid?.() === 0)(
  'a file that may not be read is named once, and others go on',
  async () => {
    const folder = new DropFolder();
    chmodSync(folder.drop('a.csv', '1\n'), 0);
    folder.drop('b.csv', '2\n');
    setTimeout(() => chmodSync(join(folder.input, 'a.csv'), 0o600), 500);
    const { delivered, context } = await folder.watch({ ends: 2, config: { scanIntervalMs: 100 } });
    expect(delivered).toMatchObject([{ path: 'b.csv' }, { path: 'a.csv' }]);
    expect(context.told.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { file: 'a.csv' } },
    ]);
  },
);
