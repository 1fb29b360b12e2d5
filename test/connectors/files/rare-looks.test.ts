import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RareLooks } from '../../../connectors/files/watching/rare-looks.ts';
import { DropFolder } from '../drop-folder.ts';

const VERSION = { size: 1, mtimeNs: 1n, identity: '1', change: '1' };
const paths = (count: number) => Array.from({ length: count }, (_, file) => `asx/${file}.csv`);

function looksAt(done: readonly string[]) {
  const known = new Set(done);
  const looks = new RareLooks((path) => (known.has(path) ? VERSION : undefined));
  const round = () => {
    looks.begin(known.size);
    return done.filter((path) => looks.versionOf(path) === undefined);
  };
  return { looks, round };
}

test('files that are done with are all looked at as long as they are few', () => {
  const { looks, round } = looksAt(paths(1000));
  for (let listing = 0; listing < 3; listing++) expect(round()).toHaveLength(1000);
  expect(looks.versionOf('new.csv')).toBeUndefined();
});

test('of many each listing looks at a part, and at each of them in time', () => {
  const done = paths(20_000);
  const { round } = looksAt(done);
  expect(round()).toHaveLength(done.length);
  const seen = new Set<string>();
  for (let listing = 0; listing < 20; listing++) {
    const some = round();
    expect(some.length).toBeLessThan(1300);
    for (const path of some) seen.add(path);
  }
  expect(seen.size).toBe(done.length);
});

test('what has changed is looked at with the next listing, also when it changes while one is under way', () => {
  const { looks, round } = looksAt(paths(20_000));
  round();
  const rarely = (path: string) => round().includes(path) || round().includes(path);
  const path = paths(20_000).find((one) => !rarely(one)) as string;
  looks.touched(path);
  expect(round()).toContain(path);
  looks.begin(20_000);
  looks.touched(path);
  expect(looks.versionOf(path)).toBeUndefined();
  expect(round()).toContain(path);
  looks.touched(null);
  expect(round()).toHaveLength(20_000);
  expect(looks.versionOf('new.csv')).toBeUndefined();
});

test('rows that are added to one of many delivered files are loaded at once', {
  timeout: 120_000,
}, async () => {
  const folder = new DropFolder();
  mkdirSync(join(folder.input, 'asx'));
  for (const path of paths(1100)) folder.drop(path, 'row\n');
  let isAdded = false;
  const { delivered } = await folder.watch({
    config: { scanIntervalMs: 600_000, settleMs: 200 },
    until: ({ states }) => {
      const ends = states.filter(({ state }) => state === 'COMPLETED').length;
      if (ends >= 1100 && !isAdded) appendFileSync(join(folder.input, 'asx/777.csv'), 'one more\n');
      isAdded ||= ends >= 1100;
      return ends > 1100;
    },
  });
  expect(delivered.at(-1)).toMatchObject({ path: 'asx/777.csv', lines: ['one more'] });
});

test('files that stay are not opened again after a restart', async () => {
  const folder = new DropFolder();
  for (const path of paths(3)) folder.drop(path, 'row\n');
  await folder.watch({ ends: 3 });
  let rounds = 0;
  const { context, delivered } = await folder.watch({
    config: { scanIntervalMs: 100 },
    until: () => ++rounds > 50,
  });
  expect(delivered).toEqual([]);
  expect(context.states).toEqual([]);
});
