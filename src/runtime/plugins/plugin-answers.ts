import { type ConnectorConfig, loadConnectorConfig } from '../../config/connector-config.ts';
import { outlineOf } from '../../config/connector-outline.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { type Problem, sortProblems } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { builtInPlugin, connectClass, type PluginKind } from '../../loader/built-in.ts';
import { type InstalledPlugin, installedPlugins } from '../../loader/installed-plugins.ts';
import { pluginFileNames } from '../../loader/plugin-file.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';
import { OWN_VERSION } from '../../own-modules.ts';
import type { OptionDefinition } from '../../plugin/index.ts';
import { type FeedOutline, feedOf, type TaskSplit } from '../worker/feed.ts';
import { fileCountOf, taskSplitOf } from './source-answers.ts';

/** A plugin without its functions. */
export interface PluginDescription {
  readonly kind: PluginKind;
  /** By which a configuration names it; the class where it is one of Kafka Connect's. */
  readonly name: string;
  readonly isBuiltIn: boolean;
  /** Null of a plugin that tells none. */
  readonly version: string | null;
  readonly options: Readonly<Record<string, OptionDefinition>>;
}

/** What is wrong with a feed, and which options it could have. */
export interface FeedAnswer {
  /** Null when there are problems. */
  readonly feed: FeedOutline | null;
  readonly problems: readonly Problem[];
  /** By their keys. */
  readonly options: ReadonlyMap<string, OptionDefinition>;
}

/** What is asked of plugins, each with what it is asked about. Answers are plain data, which another thread may give. */
export interface PluginQuestions {
  /** Those in the folders of `plugin.path`. */
  readonly own: { readonly about: null; readonly answer: readonly PluginDescription[] };
  /** There may be one of each kind. */
  readonly named: { readonly about: string; readonly answer: readonly PluginDescription[] };
  readonly check: { readonly about: ConfigEntries; readonly answer: FeedAnswer };
  /** The same of a feed that is to run: its source splits its work as well. */
  readonly feed: { readonly about: ConfigEntries; readonly answer: FeedAnswer };
  /** Of a feed that was understood before. */
  readonly tasks: { readonly about: ConfigEntries; readonly answer: TaskSplit };
  /** How many files there are that a source would read if none were delivered; null when it cannot tell. */
  readonly files: { readonly about: ConfigEntries; readonly answer: number | null };
}

/** What is asked about one feed. */
export type FeedQuestion = 'check' | 'feed' | 'tasks' | 'files';

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
  async check(entries, worker) {
    return (await understood(entries, worker)).answer;
  },
  async feed(entries, worker) {
    const { config, answer } = await understood(entries, worker);
    const { feed } = answer;
    if (config === null || feed === null) return answer;
    return { ...answer, feed: { ...feed, tasks: await taskSplitOf(config) } };
  },
  async tasks(entries, worker) {
    return await taskSplitOf((await feedOf(entries, worker)).config);
  },
  async files(entries, worker) {
    return await fileCountOf((await feedOf(entries, worker)).config);
  },
};

async function understood(
  written: ConfigEntries,
  worker: WorkerConfig,
): Promise<{ readonly config: ConnectorConfig | null; readonly answer: FeedAnswer }> {
  const loaded = await loadConnectorConfig(written, createPluginLoader(worker), worker);
  const { config, entries, problems, options } = loaded;
  const feed = config && { entries, config: outlineOf(config) };
  return {
    config,
    answer: { feed, problems: sortProblems(problems), options: new Map([...options].map(plainEntry)) },
  };
}

/** Those that come with Headrace. */
export async function builtInPlugins(): Promise<readonly PluginDescription[]> {
  return (await installedPlugins({ pluginPath: [] })).found.map(described);
}

function described({ name, plugin: { kind, config, version } }: InstalledPlugin): PluginDescription {
  const isBuiltIn = builtInPlugin(kind, name) !== null;
  return {
    kind,
    name: connectClass(kind, name) ?? name,
    isBuiltIn,
    version: isBuiltIn ? OWN_VERSION : (version ?? null),
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
