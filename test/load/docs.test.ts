import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { loadCommand } from '../../src/cli/load/load-command.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { LoadFolder, quotes } from './support.ts';

const docs = page('docs/load.md');

test('the example of the API runs', async () => {
  const folder = await LoadFolder.make();
  const block = blocksOf(docs).find(({ lang, note }) => lang === 'js' && note === 'load');
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const example =
    block?.text.replace("'headrace'", `'${index}'`).replace("'trades'", `'${folder.topic}'`) ?? '';
  await folder.write('example.mjs', example);
  await folder.write('in/a.csv', quotes(3));
  const output = execFileSync(process.execPath, ['example.mjs'], {
    cwd: folder.path,
    env: { ...process.env, KAFKA: folder.bootstrapServers },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(output).toBe('COMPLETED: 3 rows = 3 + 0 + 0\n');
  expect(await folder.values()).toHaveLength(3);
});

test('every option is told of, and no other', () => {
  const options = loadCommand().options.map(({ long }) => long);
  const told = new Set([...docs.text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
  expect(told).toEqual(new Set(options));
});

test('the exit codes are those of the commands', () => {
  const told = [...docs.text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(told).toEqual(Object.values(EXIT));
});

test('every block is one that a test knows', () => {
  const captures = ['progress', 'summary', 'stopped', 'resumed', 'again', 'waiting'].map(
    (note) => `text ${note}`,
  );
  const known = ['console', 'js load', ...captures];
  const kinds = blocksOf(docs).map(({ lang, note }) => `${lang} ${note}`.trim());
  expect(known).toEqual(expect.arrayContaining(kinds));
});
