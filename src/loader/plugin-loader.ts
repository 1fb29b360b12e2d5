import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PluginOfKind, PluginSource } from '../config/define/plugin-instance.ts';
import { OWN_VERSION } from '../own-modules.ts';
import { HeadraceError } from '../plugin/index.ts';
import type { PluginCalls } from '../plugin-calls/plugin-calls.ts';
import { PluginFault, type PluginUse } from '../plugin-calls/plugin-use.ts';
import { threadCalls } from '../plugin-calls/thread-calls.ts';
import { thrownText } from '../plugin-calls/thrown-at.ts';
import { didYouMean } from '../values/closest-name.ts';
import { builtInNames, builtInPlugin, type PluginKind } from './built-in.ts';
import { providePluginContract } from './plugin-contract.ts';
import { pluginFileNames, pluginFiles } from './plugin-file.ts';
import { PLUGIN_KINDS } from './plugin-kind.ts';
import { shapeMistakes } from './plugin-shape.ts';
import { LoadedNames, requireOneFile, requireUnlikeBuiltIn } from './same-names.ts';

export interface PluginLoaderOptions {
  /** Folders with plugins, absolute. */
  readonly pluginPath: readonly string[];
  /** How long a plugin may take to load, and for a call. */
  readonly pluginTimeoutMs?: number;
}

/** A package's name, or a module in it. Not `node:fs` and not a path: a name must not reach other files. */
const PACKAGE_NAME = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(\/[a-z0-9][\w.-]*)*$/i;
const FILE_NAME = /^[a-z0-9][\w.-]*$/i;

/** Finds plugins by kind and name: built-in, then the folders of `plugin.path`, then a package. */
export function createPluginLoader({ pluginPath, pluginTimeoutMs }: PluginLoaderOptions): PluginSource {
  const calls = threadCalls(pluginTimeoutMs);
  const modulePaths = new WeakMap<object, string>();
  const loadedNames = new LoadedNames();
  const names = (kind: PluginKind) => [
    ...new Set([...builtInNames(kind), ...pluginPath.flatMap(pluginFileNames)]),
  ];
  return {
    names,
    call(plugin, how, act) {
      const { kind: key, name } = plugin;
      return calls.runNow(
        { plugin: { key, name, modulePath: modulePaths.get(plugin) ?? null }, how },
        null,
        act,
      );
    },
    versionOf: (plugin) => (modulePaths.has(plugin) ? (plugin.version ?? null) : OWN_VERSION),
    modulePathOf: (plugin) => modulePaths.get(plugin) ?? null,
    async load(kind, name) {
      const builtIn = builtInPlugin(kind, name);
      const files = filesInPath(pluginPath, name);
      if (builtIn !== null) {
        requireUnlikeBuiltIn(kind, name, files);
        return (await builtIn()).default as PluginOfKind<typeof kind>;
      }
      requireOneFile(kind, name, files);
      const url = pluginModule(pluginPath, name);
      if (url === null) throw unknownPlugin(kind, name, names(kind), pluginPath);
      const path = fileURLToPath(url);
      const exported = await importPlugin(calls, { key: kind, name, modulePath: path }, url);
      const mistakes = shapeMistakes(exported, kind);
      if (mistakes.length > 0) throw new HeadraceError('PLUGIN_INVALID', `${path}: ${mistakes.join('; ')}`);
      const plugin = exported as PluginOfKind<typeof kind>;
      loadedNames.add(plugin, path);
      modulePaths.set(plugin, path);
      return plugin;
    },
  };
}

/** The module that is a plugin by this name, where it is not built in; null when there is none. Nothing is loaded. */
export function pluginModule(pluginPath: readonly string[], name: string): URL | null {
  const [path] = filesInPath(pluginPath, name);
  return path === undefined ? inPackage(name) : pathToFileURL(path);
}

function filesInPath(folders: readonly string[], name: string): string[] {
  return FILE_NAME.test(name) ? folders.flatMap((folder) => pluginFiles(folder, name)) : [];
}

function inPackage(name: string): URL | null {
  if (!PACKAGE_NAME.test(name)) return null;
  try {
    const url = new URL(import.meta.resolve(name));
    return url.protocol === 'file:' ? url : null;
  } catch {
    return null;
  }
}

async function importPlugin(calls: PluginCalls, plugin: PluginUse, url: URL): Promise<unknown> {
  providePluginContract(url);
  try {
    return (await calls.run({ plugin, how: 'import' }, () => import(url.href))).default;
  } catch (error) {
    if (error instanceof PluginFault) throw error;
    throw new HeadraceError(
      'PLUGIN_INVALID',
      `${plugin.modulePath}: failed to load: ${loadText(error, plugin.modulePath)}`,
      {
        cause: error,
      },
    );
  }
}

/** With the line, which errors of syntax do not have in their message, nor in their stack where it is JavaScript. */
function loadText(error: unknown, path: string | null): string {
  if (!(error instanceof SyntaxError) || path === null) return thrownText(error, path);
  const line = lineIn(error.stack ?? '', path) ?? lineIn(checked(path), path);
  return line === null ? error.message : `${error.message} (SyntaxError in line ${line})`;
}

function checked(path: string): string {
  return spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 5_000 }).stderr ?? '';
}

/** Of `/plugins/ticker.ts:12`, which an error begins with. */
function lineIn(text: string, path: string): string | null {
  const start = [`${path}:`, `${pathToFileURL(path).href}:`].find((start) => text.startsWith(start));
  return start === undefined ? null : (/^\d+/.exec(text.slice(start.length))?.[0] ?? null);
}

const NO_PLUGIN_PATH =
  '; one of your own is found by plugin.path of the worker (--worker FILE, or HEADRACE_PLUGIN_PATH), which is not set';

function unknownPlugin(
  kind: PluginKind,
  name: string,
  known: readonly string[],
  pluginPath: readonly string[],
): HeadraceError {
  const { title } = PLUGIN_KINDS[kind];
  const list = known.length === 0 ? '' : `; expected one of ${known.join(', ')}, or a package's name`;
  return new HeadraceError(
    'PLUGIN_INVALID',
    `no ${title} is called "${name}"${list}${pluginPath.length === 0 ? NO_PLUGIN_PATH : ''}${didYouMean(name, known)}`,
  );
}
