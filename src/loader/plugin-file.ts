import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const EXTENSIONS = ['ts', 'js', 'mjs'];

/** The module of a plugin below a folder of `plugin.path`: `<name>/index.ts` or `<name>.ts` (or `.js`, `.mjs`). */
export function findPluginFile(folder: string, name: string): string | null {
  for (const stem of [join(name, 'index'), name]) {
    for (const extension of EXTENSIONS) {
      const path = resolve(folder, `${stem}.${extension}`);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    }
  }
  return null;
}

/** The names that `findPluginFile` finds below a folder, but for the tests of plugins; none when there is no such folder. */
export function pluginFileNames(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).map((name) => name.replace(/(?<!\.d)\.(ts|js|mjs)$/, ''));
  } catch {
    return [];
  }
  const isPlugin = (name: string) => !name.endsWith('.test') && findPluginFile(folder, name) !== null;
  return [...new Set(names)].filter(isPlugin).sort();
}
