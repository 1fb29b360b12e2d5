import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { datedName, fixedPart } from '../finishing/dated-path.ts';

/** Every folder on the disk that a place with dates in it has been so far, the latest first; the place itself without any. */
export async function foldersOf(path: string): Promise<string[]> {
  const fixed = fixedPart(path);
  let folders = [fixed];
  for (const name of path
    .slice(fixed.length)
    .split('/')
    .filter((part) => part !== '')) {
    const pattern = datedName(name);
    const below = await Promise.all(folders.map((folder) => namesIn(folder)));
    folders = folders.flatMap((folder, index) =>
      (below[index] ?? []).filter((found) => pattern.test(found)).map((found) => join(folder, found)),
    );
  }
  return folders;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort().reverse();
}
