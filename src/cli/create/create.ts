import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { HeadraceError, messageOf } from '../../errors.ts';
import { builtInNames, type PluginKind } from '../../loader/built-in.ts';
import { pluginFiles } from '../../loader/plugin-file.ts';
import { PLUGIN_KINDS } from '../../loader/plugin-kind.ts';
import { printable } from '../../terminal/text.ts';
import { missingProjectFiles } from './project.ts';
import { PLUGIN_STARTERS, starterFiles } from './starters.ts';

const PLUGINS = 'plugins';
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Of a file with all its endings, and of a topic. */
const LONGEST = 100;

/**
 * Writes a starter into a folder, and what it needs beside it where that is missing.
 *
 * @returns the paths of what is new, relative to the folder
 * @throws HeadraceError CONFIG_INVALID when it cannot have the name, or a file is there already; nothing is written then
 */
export function createStarter(word: string, name: string, folder: string): string[] {
  const isPlugin = word in PLUGIN_STARTERS;
  checkName(name, isPlugin);
  const files = starterFiles(word, name);
  const [found] = isPlugin ? pluginFiles(join(folder, PLUGINS), name) : [];
  const existing =
    found === undefined
      ? files.find(({ path }) => existsSync(join(folder, path)))?.path
      : relative(folder, found);
  if (existing !== undefined)
    throw new HeadraceError(
      'CONFIG_INVALID',
      `${existing} is there already and was left as it is; choose another name`,
    );
  if (isPlugin) files.push(...missingProjectFiles(folder));
  for (const { path, text } of files) write(join(folder, path), text);
  return files.map(({ path }) => path);
}

function checkName(name: string, isPlugin: boolean): void {
  if (!NAME.test(name) || name.length > LONGEST) {
    const expected = `expected lower-case letters, digits and hyphens, such as mask-account, at most ${LONGEST}`;
    throw new HeadraceError('CONFIG_INVALID', `NAME: ${expected}; got "${printable(name)}"`);
  }
  const kinds = Object.keys(PLUGIN_KINDS) as PluginKind[];
  const kind = isPlugin ? kinds.find((one) => builtInNames(one).includes(name)) : undefined;
  if (kind !== undefined)
    throw new HeadraceError(
      'CONFIG_INVALID',
      `NAME: ${name} is the ${PLUGIN_KINDS[kind].title} that comes with Headrace, which feeds would get in place of yours; choose another name`,
    );
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new HeadraceError('CONFIG_INVALID', `${path} could not be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
