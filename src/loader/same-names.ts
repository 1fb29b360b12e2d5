import { readFileSync, realpathSync } from 'node:fs';
import { HeadraceError } from '../errors.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { builtInPlugin, type PluginKind } from './built-in.ts';
import { PLUGIN_KINDS } from './plugin-kind.ts';

/**
 * @param files of this name, in all folders
 * @throws HeadraceError PLUGIN_INVALID when they are several: which of them a feed means nobody can say
 */
export function requireOneFile(kind: PluginKind, name: string, files: readonly string[]): void {
  const [one, other] = new Set(files.map((path) => realpathSync(path)));
  if (one !== undefined && other !== undefined)
    throw twoOf(kind, name, `${one} and ${other}`, 'remove or rename one of them');
}

/**
 * @param files of the name of a plugin that comes with Headrace
 * @throws HeadraceError PLUGIN_INVALID when one of them is of its kind, as far as that can be told without running it: feeds
 *   would not get it
 */
export function requireUnlikeBuiltIn(kind: PluginKind, name: string, files: readonly string[]): void {
  const { define } = PLUGIN_KINDS[kind];
  const alike = files.find((path) => new RegExp(String.raw`\b${define}\b`).test(readFileSync(path, 'utf8')));
  if (alike !== undefined)
    throw twoOf(kind, name, `one that comes with Headrace, and ${alike}`, 'rename yours');
}

/** The plugins that were loaded, by what they call themselves: dead letters, logs and metrics know nothing else of them. */
export class LoadedNames {
  readonly #loaded = new Map<string, { readonly plugin: Plugin; readonly path: string }>();

  /** @throws HeadraceError PLUGIN_INVALID when another of its kind has the name */
  add(plugin: Plugin, path: string): void {
    const { kind, name } = plugin;
    const how = `give ${path} another name`;
    if (builtInPlugin(kind, name) !== null)
      throw twoOf(kind, name, `one that comes with Headrace, and ${path}`, how);
    const key = `${kind} ${name}`;
    const known = this.#loaded.get(key);
    if (known !== undefined && known.plugin !== plugin)
      throw twoOf(kind, name, `${known.path} and ${path}`, how);
    this.#loaded.set(key, { plugin, path });
  }
}

function twoOf(kind: PluginKind, name: string, which: string, how: string): HeadraceError {
  const { title } = PLUGIN_KINDS[kind];
  return new HeadraceError('PLUGIN_INVALID', `two ${title}s are called "${name}": ${which}; ${how}`);
}
