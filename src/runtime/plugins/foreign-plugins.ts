import type { ConfigEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { builtInPlugin, type PluginKind } from '../../loader/built-in.ts';
import { pluginModule } from '../../loader/plugin-loader.ts';

/** A name of a plugin in a feed, and what the plugin may be there. */
type Named = readonly [kinds: readonly PluginKind[], name: string];

/** Whether a feed may name a plugin that does not come with Headrace. */
export function namesForeignPlugins({ entries }: ConfigEntries, worker: WorkerConfig): boolean {
  return pluginsOf(entries, worker).some((named) => isForeign(named, worker.pluginPath));
}

function isForeign([kinds, name]: Named, pluginPath: readonly string[]): boolean {
  const builtIn = kinds.filter((kind) => builtInPlugin(kind, name) !== null);
  if (builtIn.length === kinds.length) return false;
  // What a config provider gives is not known yet, and for a name that is misspelt the plugin is asked that was meant.
  const mayBeAny = name.includes('${') || (builtIn.length === 0 && pluginPath.length > 0);
  // A parser in the place of a transformation is looked for as both.
  return mayBeAny || pluginModule(pluginPath, name) !== null;
}

/** The plugins that a feed names, or the worker for it. */
function pluginsOf(entries: ConfigEntries['entries'], worker: WorkerConfig): Named[] {
  const textOf = (key: string) => entries.get(key)?.text;
  return [
    [['source'], textOf('connector.class') ?? ''],
    [['converter'], textOf('key.converter') ?? worker.keyConverter],
    [['converter'], textOf('value.converter') ?? worker.valueConverter],
    ...[...entries].flatMap(([key, { text }]): Named[] => {
      const [, scope] = /^(transforms|predicates)\.[^.]+\.type$/.exec(key) ?? [];
      if (scope === undefined) return [];
      return [[scope === 'predicates' ? ['predicate'] : ['parser', 'transformation'], text]];
    }),
  ];
}
