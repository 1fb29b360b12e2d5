import { loadConnectorConfig } from '../../config/connector-config.ts';
import { storedEntries } from '../../config/read/config-entry.ts';
import { type Problem, sortProblems } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { builtInPlugin, connectClass, type PluginKind } from '../../loader/built-in.ts';
import { type InstalledPlugin, installedPlugins } from '../../loader/installed-plugins.ts';
import { pluginFileNames } from '../../loader/plugin-file.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';
import type { OptionDefinition } from '../../plugin/index.ts';
import type { ConfigMap } from '../config-request.ts';
import type { OptionsByKey } from './config-errors.ts';

/** A plugin without its functions. */
export interface PluginDescription {
  readonly kind: PluginKind;
  /** By which a configuration names it; the class where it is one of Kafka Connect's. */
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly options: Readonly<Record<string, OptionDefinition>>;
}

/** What is wrong with a configuration, and which options it could have. */
export interface FeedCheck {
  readonly problems: readonly Problem[];
  readonly options: OptionsByKey;
}

/** What is asked of plugins, each with what it is asked about. Answers are plain data, which another thread may give. */
export interface PluginQuestions {
  /** Those in the folders of `plugin.path`. */
  readonly own: { readonly about: null; readonly answer: readonly PluginDescription[] };
  /** There may be one of each kind. */
  readonly named: { readonly about: string; readonly answer: readonly PluginDescription[] };
  readonly check: { readonly about: ConfigMap; readonly answer: FeedCheck };
}

type Answers = {
  readonly [Q in keyof PluginQuestions]: (
    about: PluginQuestions[Q]['about'],
    worker: WorkerConfig,
  ) => Promise<PluginQuestions[Q]['answer']>;
};

/** Loads plugins, and calls those that are asked about, in this thread. */
export const PLUGIN_ANSWERS: Answers = {
  async own(_about, worker) {
    const names = worker.pluginPath.flatMap(pluginFileNames);
    return (await installedPlugins(worker, () => names)).found
      .map(described)
      .filter(({ isBuiltIn }) => !isBuiltIn);
  },
  async named(name, worker) {
    return (await (await installedPlugins(worker, () => [])).load(name)).map(described);
  },
  async check(config, worker) {
    const entries = storedEntries(config);
    const { problems, options } = await loadConnectorConfig(entries, createPluginLoader(worker), worker);
    return { problems: sortProblems(problems), options: new Map([...options].map(plainEntry)) };
  },
};

/** Those that come with Headrace. */
export async function builtInPlugins(): Promise<readonly PluginDescription[]> {
  return (await installedPlugins({ pluginPath: [] })).found.map(described);
}

function described({ name, plugin: { kind, config } }: InstalledPlugin): PluginDescription {
  return {
    kind,
    name: connectClass(kind, name) ?? name,
    isBuiltIn: builtInPlugin(kind, name) !== null,
    options: Object.fromEntries(Object.entries(config).map(plainEntry)),
  };
}

/** A plugin's own declaration may hold anything besides. */
function plainEntry([name, option]: [string, OptionDefinition]): [string, OptionDefinition] {
  const { doc, format, default: usual, required, sensitive } = option;
  return [
    name,
    { doc, format, default: usual, ...(required && { required }), ...(sensitive && { sensitive }) },
  ];
}
