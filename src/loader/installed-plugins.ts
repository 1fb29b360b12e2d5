import { HeadraceError, messageOf } from '../errors.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { didYouMean } from '../values/closest-name.ts';
import { builtInNames, type PluginKind } from './built-in.ts';
import { PLUGIN_KINDS } from './plugin-kind.ts';
import { createPluginLoader, type PluginLoaderOptions } from './plugin-loader.ts';

/** A plugin under the name that a configuration uses. */
export interface InstalledPlugin {
  readonly name: string;
  readonly plugin: Plugin;
  /** The file it comes from; null for those that come with Headrace. */
  readonly path: string | null;
}

export interface InstalledPlugins {
  readonly found: readonly InstalledPlugin[];
  /** Files in `plugin.path` that are no plugins, with the reason. */
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
  /** A plugin that is not among those found, from a package. */
  load(name: string): Promise<readonly InstalledPlugin[]>;
}

const KINDS = Object.keys(PLUGIN_KINDS) as PluginKind[];

/**
 * Everything that can be told without trying: built-in plugins, and whatever is in the folders of `plugin.path`.
 *
 * @param names those to look at, when not all of them are asked for
 */
export async function installedPlugins(
  options: PluginLoaderOptions,
  names?: (kind: PluginKind) => readonly string[],
): Promise<InstalledPlugins> {
  const loader = createPluginLoader(options);
  const found: InstalledPlugin[] = [];
  const failures = new Map<string, string>();
  const tryLoad = async (kind: PluginKind, name: string): Promise<InstalledPlugin | null> => {
    try {
      const plugin: Plugin = await loader.load(kind, name);
      const isBuiltIn = builtInNames(kind).includes(name);
      return { name, plugin, path: isBuiltIn ? null : loader.modulePathOf(plugin) };
    } catch (error) {
      failures.set(name, messageOf(error));
      return null;
    }
  };
  for (const kind of KINDS) {
    for (const name of (names ?? loader.names)(kind)) {
      const one = await tryLoad(kind, name);
      if (one !== null) found.push(one);
    }
  }
  const good = new Set(found.map(({ name }) => name));
  return {
    found,
    broken: [...failures].flatMap(([name, reason]) => (good.has(name) ? [] : [{ name, reason }])),
    async load(name) {
      const loaded = await Promise.all(KINDS.map((kind) => tryLoad(kind, name)));
      return loaded.filter((one) => one !== null);
    },
  };
}

/**
 * The plugins of a name, of which there may be one of each kind.
 *
 * @throws HeadraceError PLUGIN_INVALID when there is none, or it is broken
 */
export async function pluginsNamed(
  plugins: InstalledPlugins,
  name: string,
): Promise<readonly InstalledPlugin[]> {
  const found = plugins.found.filter((plugin) => plugin.name === name || plugin.plugin.name === name);
  if (found.length > 0) return found;
  const broken = plugins.broken.find((plugin) => plugin.name === name);
  if (broken !== undefined) throw new HeadraceError('PLUGIN_INVALID', broken.reason);
  const loaded = await plugins.load(name);
  if (loaded.length > 0) return loaded;
  const names = plugins.found.map((plugin) => plugin.name);
  const hint = didYouMean(name, names) || '; headrace plugins lists those there are';
  throw new HeadraceError('PLUGIN_INVALID', `no plugin is called "${name}"${hint}`);
}
