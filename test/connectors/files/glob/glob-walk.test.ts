import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findGlob } from '../../../../connectors/files/glob/glob-walk.ts';
import { temporaryFolder } from '../../support.ts';

async function found(glob: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of findGlob(glob)) paths.push(path);
  return paths.sort();
}

function folderOfFiles(): string {
  const root = temporaryFolder();
  for (const folder of ['a/sub', '.hidden', 'b']) mkdirSync(join(root, folder), { recursive: true });
  for (const path of ['a/1.csv', 'a/sub/2.csv', '.hidden/3.csv', 'b/4.csv', 'b/(5).csv', '.6.csv']) {
    writeFileSync(join(root, path), '');
  }
  symlinkSync('a', join(root, 'link'));
  return root;
}

test.each([
  ['*/*.csv', ['a/1.csv', 'b/(5).csv', 'b/4.csv']],
  ['**/*.csv', ['a/1.csv', 'a/sub/2.csv', 'b/(5).csv', 'b/4.csv']],
  ['a/**/*.csv', ['a/1.csv', 'a/sub/2.csv']],
  ['{a/sub,b}/?.csv', ['a/sub/2.csv', 'b/4.csv']],
  ['link/*.csv', ['link/1.csv']],
  ['.hidden/*.csv', ['.hidden/3.csv']],
  ['a/../b/[0-9].csv', ['b/4.csv']],
  ['a/1.csv', ['a/1.csv']],
  ['a/none.csv', []],
  ['none/*.csv', []],
])('the glob %s finds its files, absolute or from where we are', async (glob, expected) => {
  const root = folderOfFiles();
  const absolute = expected.map((path) => join(root, path));
  expect(await found(join(root, '/').concat(glob))).toEqual(absolute);
  const here = relative('', root);
  expect(here.startsWith('..')).toBe(true);
  expect(await found(`${here}/${glob}`)).toEqual(expected.map((path) => `${here}/${path}`));
});

// Held against a name by going back, these take minutes; the test's own time limit ends it.
test('a glob of many stars finds its files at once beside long names that almost fit', async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, `${'_'.repeat(245)}.csx`), '');
  writeFileSync(join(root, `${'_'.repeat(245)}.csv`), '');
  expect(await found(`${root}/*_*_*_*_*.csv`)).toHaveLength(1);
});
