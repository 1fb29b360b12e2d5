import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const EXTENSIONS = ['ts', 'js', 'mjs'];

/** The modules of that name below a folder of `plugin.path`: `<name>/index.ts` and `<name>.ts` (or `.js`, `.mjs`). */
export function pluginFiles(folder: string, name: string): string[] {
  const paths = [join(name, 'index'), name].flatMap((stem) =>
    EXTENSIONS.map((extension) => resolve(folder, `${stem}.${extension}`)),
  );
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** The names that `pluginFiles` finds below a folder, but for the tests of plugins; none when there is no such folder. */
export function pluginFileNames(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).map((name) => name.replace(/(?<!\.d)\.(ts|js|mjs)$/, ''));
  } catch {
    return [];
  }
  const isPlugin = (name: string) => !name.endsWith('.test') && pluginFiles(folder, name).length > 0;
  return [...new Set(names)].filter(isPlugin).sort();
}
