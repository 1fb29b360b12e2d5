/** `node scripts/docs.ts`: writes the lists of options in docs/ anew from the definitions in the code. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionLists, withLists } from './docs/option-lists.ts';

const FOLDER = fileURLToPath(new URL('../docs', import.meta.url));

const lists = await optionLists();
for (const name of await readdir(FOLDER)) {
  if (!name.endsWith('.md')) continue;
  const path = join(FOLDER, name);
  const before = await readFile(path, 'utf8');
  const after = withLists(before, lists);
  if (after === before) continue;
  await writeFile(path, after);
  process.stdout.write(`docs/${name}: lists of options written\n`);
}
