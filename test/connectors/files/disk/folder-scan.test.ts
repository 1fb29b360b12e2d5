import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderScan } from '../../../../connectors/files/disk/folder-scan.ts';
import { SILENT } from '../../../../connectors/files/silent-log.ts';
import { DropFolder } from '../../drop-folder.ts';
import type { TestContext } from '../../support.ts';

const pathsOf = (delivered: readonly { path: string }[]) => delivered.map(({ path }) => path);
const toldIn = ({ told }: TestContext, message: RegExp) => told.filter((line) => message.test(line.message));

/** A drop folder that is a link to one of two days. */
function linkedDrop(): { folder: DropFolder; lead: (day: string) => void } {
  const folder = new DropFolder();
  rmSync(folder.input, { recursive: true });
  for (const day of ['28', '29']) mkdirSync(join(folder.root, 'days', day), { recursive: true });
  const lead = (day: string) => {
    const link = join(folder.root, 'link');
    symlinkSync(join(folder.root, 'days', day), link);
    renameSync(link, folder.input);
  };
  lead('28');
  return { folder, lead };
}

test('a drop folder that is a link is followed where it leads to while it is watched, and that is told', async () => {
  const { folder, lead } = linkedDrop();
  const day = (name: string) => join(folder.root, 'days', name);
  writeFileSync(join(day('28'), 'a.csv'), 'a28\n');
  writeFileSync(join(day('29'), 'a.csv'), 'a29\n');
  writeFileSync(join(day('29'), 'b.csv'), 'b29\n');
  const { delivered, context } = await folder.watch({
    ends: 4,
    config: { scanIntervalMs: 200, finishedPath: folder.done },
    onChunk: ({ file, eof }) => {
      if (!eof || file.path === 'c.csv') return;
      if (file.path === 'a.csv') setTimeout(() => lead('29'), 100);
      // The new place is watched as the first one was.
      if (file.path === 'b.csv') setTimeout(() => writeFileSync(join(day('29'), 'c.csv'), 'c29\n'), 300);
    },
  });
  expect(delivered.flatMap(({ lines }) => lines).sort()).toEqual(['a28', 'a29', 'b29', 'c29']);
  expect(folder.list('days')).toEqual([]);
  expect(toldIn(context, /another folder now/)).toMatchObject([
    { fields: { from: day('28'), to: day('29') } },
  ]);
});

test('a link that leads nowhere for a while is told once, and what was delivered is not looked at anew', async () => {
  const { folder, lead } = linkedDrop();
  writeFileSync(join(folder.root, 'days/28/a.csv'), 'a\n');
  setTimeout(() => unlinkSync(folder.input), 400);
  setTimeout(() => lead('28'), 900);
  setTimeout(() => writeFileSync(join(folder.root, 'days/28/b.csv'), 'b\n'), 1100);
  const { delivered, context } = await folder.watch({ ends: 2, config: { scanIntervalMs: 100 } });
  expect(pathsOf(delivered)).toEqual(['a.csv', 'b.csv']);
  expect(toldIn(context, /cannot be read/)).toHaveLength(1);
});

test('a link that is led into the folder for finished files is told, and nothing of it is read', async () => {
  const { folder, lead } = linkedDrop();
  mkdirSync(join(folder.root, 'days/29/old'));
  writeFileSync(join(folder.root, 'days/29/old.csv'), 'old\n');
  writeFileSync(join(folder.root, 'days/28/a.csv'), 'a\n');
  const { delivered, context } = await folder.watch({
    config: { scanIntervalMs: 100, finishedPath: join(folder.root, 'days/29') },
    onChunk: ({ eof }) => {
      if (eof) lead('29');
    },
    until: (context) => toldIn(context, /folder for finished/).length > 0,
  });
  expect(pathsOf(delivered)).toEqual(['a.csv']);
  expect(toldIn(context, /folder for finished/)).toHaveLength(1);
});

test('what is passed over is told by one line each, once, with the case that was meant', async () => {
  const folder = new DropFolder();
  folder.drop('UPPER.CSV', '1\n');
  folder.drop('notes.txt', '1\n');
  folder.drop('_archive/a.csv', '1\n');
  folder.drop('x.csv.tmp', '1\n');
  folder.drop('real.csv', '1\n');
  symlinkSync(folder.root, join(folder.input, 'elsewhere'));
  setTimeout(() => folder.drop('second.csv', '2\n'), 600);
  const { delivered, context } = await folder.watch({
    ends: 2,
    config: { inputFilePattern: '*.csv', scanIntervalMs: 100 },
  });
  expect(pathsOf(delivered)).toEqual(['real.csv', 'second.csv']);
  const lines = toldIn(context, /passed over/).map(({ level, fields }) => [fields.file, level, fields.meant]);
  expect(lines.sort()).toEqual([
    ['UPPER.CSV', 'warn', 'input.file.pattern: "{*.csv,*.CSV}"'],
    ['_archive', 'info', undefined],
    ['elsewhere', 'info', undefined],
    ['notes.txt', 'info', undefined],
  ]);
});

test('thousands of files that do not match are told by a few lines and their number', async () => {
  const folder = new DropFolder();
  for (let index = 0; index < 2_000; index++) writeFileSync(join(folder.input, `${index}.txt`), '');
  folder.drop('a.csv', '1\n');
  const { context } = await folder.watch({ config: { inputFilePattern: '*.csv' } });
  const lines = toldIn(context, /does not match/);
  expect(lines).toHaveLength(5);
  expect(lines.at(-1)?.fields).toMatchObject({ andMore: 1_995 });
});

test('files that do not match and come one by one for days are told no more after a while', async () => {
  const folder = new DropFolder();
  let dropped = 0;
  const dropping = setInterval(() => folder.drop(`${dropped++}.txt`, '1\n'), 5);
  const { context } = await folder.watch({
    config: { inputFilePattern: '*.csv', scanIntervalMs: 100, settleMs: 0 },
    until: () => dropped >= 400,
  });
  clearInterval(dropping);
  const lines = toldIn(context, /does not match/);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThanOrEqual(20);
});

test('what a job commits through _temporary is read once, from its last place', async () => {
  const folder = new DropFolder();
  const places = ['t.csv/_temporary/0/_temporary/attempt_1', 't.csv/_temporary/0/task_1', 't.csv'];
  const [attempt = '', task = '', table = ''] = places.map((place) => join(folder.input, place));
  const move = (from: string, to: string) => {
    mkdirSync(to, { recursive: true });
    renameSync(join(from, 'part.csv'), join(to, 'part.csv'));
  };
  folder.drop(`${places[0]}/part.csv`, '1\n2\n');
  setTimeout(() => move(attempt, task), 300);
  setTimeout(() => {
    move(task, table);
    rmSync(join(dirname(dirname(task))), { recursive: true });
    writeFileSync(join(table, '_SUCCESS'), '');
  }, 600);
  const { delivered } = await folder.watch({ config: { scanIntervalMs: 100, finishedPath: folder.done } });
  expect(delivered).toMatchObject([{ path: 't.csv/part.csv', lines: ['1', '2'] }]);
  expect(folder.list('in')).toEqual(['t.csv/_SUCCESS']);
});

test('a file is not read under the name that its writer gives up, and once under the one it keeps', async () => {
  const folder = new DropFolder();
  const names = [
    '.tmp',
    '.PART',
    '.partial',
    '.filepart',
    '.crdownload',
    '.inprogress',
    '._COPYING_',
    '~',
    '.swp',
  ];
  for (const name of names) folder.drop(`x.csv${name}`, `${name}\n`);
  setTimeout(() => {
    for (const name of names) {
      renameSync(join(folder.input, `x.csv${name}`), join(folder.input, `${name.replace(/\W/g, '_')}x.csv`));
    }
  }, 400);
  const { delivered } = await folder.watch({
    ends: names.length,
    config: { scanIntervalMs: 100, finishedPath: folder.done },
  });
  expect(delivered.flatMap(({ lines }) => lines).sort()).toEqual([...names].sort());
  expect(pathsOf(delivered).filter((path) => !path.endsWith('x.csv'))).toEqual([]);
});

test('an ending or a folder that the pattern spells is read', async () => {
  const folder = new DropFolder();
  folder.drop('a.part', '1\n');
  folder.drop('b.tmp', '1\n');
  expect(pathsOf((await folder.watch({ config: { inputFilePattern: '*.part' } })).delivered)).toEqual([
    'a.part',
  ]);
  const other = new DropFolder();
  other.drop('_in/a.csv', '1\n');
  const config = { inputFilePattern: '_in/*.csv' };
  expect(pathsOf((await other.watch({ config })).delivered)).toEqual(['_in/a.csv']);
});

test('files that need not be looked at come in short pages, each once, beside those that are', async () => {
  const folder = new DropFolder();
  const names = Array.from({ length: 700 }, (_, index) => `sub/${index}.csv`);
  for (const name of names) folder.drop(name, '1\n');
  const version = { size: 2, mtimeNs: 1n, identity: 'known', change: '' };
  const scan = new FolderScan({ inputPath: folder.input, excluded: [], log: SILENT });
  const wanted = {
    isFolderWanted: () => true,
    isFileWanted: () => true,
    versionOf: (place: string) => (place.endsWith('7.csv') ? undefined : version),
  };
  const pages: number[] = [];
  const known = new Map<string, boolean>();
  for await (const page of scan.pages(wanted, new AbortController().signal)) {
    pages.push(page.length);
    for (const { path, version: found } of page) known.set(path, found === version);
  }
  expect([...known.keys()].sort()).toEqual(names.sort());
  expect([...known].filter(([path, isKnown]) => isKnown === path.endsWith('7.csv'))).toEqual([]);
  expect(Math.max(...pages)).toBe(256);
});
