/** `node scripts/docs.ts`: writes the tables of options in docs/ anew from the definitions in the code. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionTables, withTables } from './docs/option-tables.ts';

const FOLDER = fileURLToPath(new URL('../docs', import.meta.url));

const tables = await optionTables();
for (const name of await readdir(FOLDER)) {
  if (!name.endsWith('.md')) continue;
  const path = join(FOLDER, name);
  const before = await readFile(path, 'utf8');
  const after = withTables(before, tables);
  if (after === before) continue;
  await writeFile(path, after);
  process.stdout.write(`docs/${name}: tables written\n`);
}
