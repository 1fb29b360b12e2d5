import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { type Block, blocksOf, page, ROOT } from '../docs/markdown.ts';

const all = ['docs/preview.md', 'docs/testing-feeds.md'].flatMap((path) => blocksOf(page(path)));
const shown = all.filter(({ lang }) => lang === 'text');

/** The project as its reader has it, with the files of the pages. */
const folder = mkdtempSync(join(tmpdir(), 'headrace-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ['config', 'examples']) symlinkSync(join(ROOT, name), join(folder, name));
for (const { lang, note, text } of all)
  if (lang === 'yml' || lang === 'csv') writeFileSync(join(folder, note), text);

/** What a block shows: the output of a command, or the feed that `preview --save` writes. */
async function outputOf({ note }: Block): Promise<string> {
  const [command = '', ...args] = note.split(' ');
  const env = { COLUMNS: '90' };
  if (command !== 'starter') return (await headrace([command, ...args], { cwd: folder, env })).stdout;
  const path = join(folder, `${basename(args[0] ?? '')}.feed.yaml`);
  await headrace(['preview', ...args, '--save', path], { cwd: folder, env });
  return readFileSync(path, 'utf8').replaceAll(basename(path), 'feed.yaml');
}

test.each(shown)('$place shows what the command says: $note', async (block) => {
  expect(await outputOf(block)).toBe(block.text);
});
