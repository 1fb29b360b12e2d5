/** `node scripts/docs.ts`: writes anew what pages say of the code: options, feeds of vendors’ files, who may import whom. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDirections } from './docs/directions-table.ts';
import { optionLists, withLists } from './docs/option-lists.ts';
import { vendorFiles, withVendorFiles } from './docs/vendor-files.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

const lists = await optionLists();
for (const name of await readdir(join(ROOT, 'docs')))
  if (name.endsWith('.md')) await rewrite(`docs/${name}`, (page) => withLists(page, lists));
await rewrite('docs/vendor-files.md', (page) => withVendorFiles(page, vendorFiles()));
await rewrite('ARCHITECTURE.md', withDirections);

async function rewrite(name: string, change: (page: string) => string): Promise<void> {
  const path = join(ROOT, name);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) return;
  await writeFile(path, after);
  process.stdout.write(`${name}: written anew\n`);
}
