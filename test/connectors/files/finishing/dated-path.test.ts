import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldersOf } from '../../../../connectors/files/disk/dated-folders.ts';
import { checkDated, datedPlace, fixedPart } from '../../../../connectors/files/finishing/dated-path.ts';
import { DropFolder } from '../../drop-folder.ts';
import { temporaryFolder } from '../../support.ts';

const DAY = new Date('2026-01-05T23:59:59Z');

test.each([
  ['done', 'done', 'in/a.csv'],
  ['/data/done/{yyyy}/{MM}/{dd}', '/data/done', '2026/01/05/in/a.csv'],
  ['done/{yyyy}-{MM}-{dd}', 'done', '2026-01-05/in/a.csv'],
  ['done/of-{yyyy}/all/', 'done', 'of-2026/all/in/a.csv'],
  ['{yyyy}{MM}', '', '202601/in/a.csv'],
  ['/{yyyy}', '/', '2026/in/a.csv'],
  ['s3://bucket/done/{yyyy}', 's3://bucket/done', '2026/in/a.csv'],
])('%j is in %j, where a file goes to %j', (path, fixed, place) => {
  expect(fixedPart(path)).toBe(fixed);
  expect(datedPlace(path, 'in/a.csv', DAY)).toBe(place);
});

test.each([
  ['done/{yyyy}/{MM}/{dd}', 0],
  ['done{,old}', 0],
  ['done/{YYYY}', 1],
  ['done/{yyyy}/{month}', 1],
])('%j has %i mistakes', (path, mistakes) => {
  expect([...checkDated('finished.path', path)]).toHaveLength(mistakes);
});

test('delivered files, and those that were given up, go into the folders of the day, with their notes', async () => {
  const folder = new DropFolder();
  folder.drop('sub/a.csv', '1\n');
  folder.drop('b.csv.gz', 'not compressed', 1);
  const config = {
    finishedPath: join(folder.input, 'done/{yyyy}/{MM}'),
    errorPath: join(folder.failed, '{yyyy}'),
  };
  await folder.watch({ config, ends: 2 });
  expect(folder.list('in')).toEqual([expect.stringMatching(/^done\/20\d\d\/[01]\d\/sub\/a\.csv$/)]);
  expect(folder.list('failed').map((path) => path.slice(4))).toEqual(['/b.csv.gz', '/b.csv.gz.error.json']);
  // What lies below the watched folder is not found again.
  folder.drop('c.csv', '3\n');
  const { delivered } = await folder.watch({ config });
  expect(delivered).toMatchObject([{ path: 'c.csv' }]);
});

test('the folders of all days are found, the latest first', async () => {
  const root = temporaryFolder();
  for (const day of ['2025/12/31', '2026/01/05', '2026/01/04', '2026/notes', 'other/01/05'])
    mkdirSync(join(root, 'done', day), { recursive: true });
  const found = await foldersOf(join(root, 'done/{yyyy}/{MM}/{dd}'));
  expect(found.map((path) => path.slice(root.length))).toEqual([
    '/done/2026/01/05',
    '/done/2026/01/04',
    '/done/2025/12/31',
  ]);
  expect(await foldersOf(join(root, 'done'))).toEqual([join(root, 'done')]);
});
