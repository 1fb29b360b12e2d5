import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DropFolder } from '../drop-folder.ts';

const LOOKS = ['lstat', 'stat', 'readdir'] as const;
const genuine = Object.fromEntries(LOOKS.map((name) => [name, promises[name]]));

afterEach(() => {
  Object.assign(promises, genuine);
  syncBuiltinESMExports();
});

/** Counts what whoever is in this process asks of the file system from now on. */
function countLooks(): { count: number } {
  const looks = { count: 0 };
  for (const name of LOOKS) {
    const ask = genuine[name] as (...args: unknown[]) => unknown;
    Object.assign(promises, {
      [name]: (...args: unknown[]) => {
        looks.count++;
        return ask(...args);
      },
    });
  }
  syncBuiltinESMExports();
  return looks;
}

test('taking away files that came in together costs looks in line with their number', async () => {
  const folder = new DropFolder();
  const files = 400;
  mkdirSync(join(folder.root, 'day'));
  for (let index = 0; index < files; index++) writeFileSync(join(folder.root, 'day', `${index}.csv`), '1\n');
  setTimeout(() => renameSync(join(folder.root, 'day'), join(folder.input, 'day')), 150);
  const looks = countLooks();
  const { delivered } = await folder.watch({ ends: files, config: { finishedPath: folder.done } });
  expect(delivered).toHaveLength(files);
  expect(looks.count).toBeLessThan(files * 60);
});

test('a folder that was deleted and made anew under its name is watched again, the root and one below it', async () => {
  const folder = new DropFolder();
  folder.drop('below/a.csv', '1\n');
  const { delivered } = await folder.watch({
    ends: 4,
    config: { scanIntervalMs: 600_000 },
    onChunk: ({ file, eof }) => {
      if (!eof) return;
      const next = { 'below/a.csv': 'below/b.csv', 'below/b.csv': 'c.csv', 'c.csv': 'below/d.csv' }[
        file.path
      ];
      const remade = file.path === 'below/a.csv' ? 'in/below' : 'in';
      if (next === undefined) return;
      setTimeout(() => {
        rmSync(join(folder.root, remade), { recursive: true });
        mkdirSync(join(folder.root, remade));
      }, 200);
      setTimeout(() => folder.drop(next, `${next}\n`), 600);
    },
  });
  expect(delivered.map(({ path }) => path)).toEqual(['below/a.csv', 'below/b.csv', 'c.csv', 'below/d.csv']);
});
