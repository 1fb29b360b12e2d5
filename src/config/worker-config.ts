import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigDefinition, ConfigValues } from '../plugin/index.ts';
import { dottedName } from '../plugin/index.ts';
import type { Problem } from './check/problem.ts';
import { topicNameMistake } from './check/topic-name.ts';
import { unknownKeys } from './check/unknown-keys.ts';
import { parseJaasConfig } from './define/jaas-config.ts';
import { listenersMistake } from './define/listener.ts';
import { parseScope } from './define/scope.ts';
import { WORKER_OPTIONS } from './define/worker-definition.ts';
import type { ConfigEntries, ResolvedEntries } from './read/config-entry.ts';
import { entriesBelow, problemAt } from './read/config-entry.ts';
import { hideProvided, resolveEntries } from './read/config-providers.ts';
import type { ScopeInput } from './read/scope-input.ts';
import { environmentName, environmentNote, optionFolder, optionPlace } from './read/scope-input.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A worker's configuration. Plain data, so that it crosses into a task's thread. */
export interface WorkerConfig extends ConfigValues<typeof WORKER_OPTIONS> {
  /** The options below `key.converter.` and `value.converter.`, for feeds that name no converter of their own. */
  readonly converterEntries: { readonly key: ResolvedEntries; readonly value: ResolvedEntries };
}

/** Reads a worker's configuration from entries; `config` is null when there are problems. */
export function parseWorkerConfig(
  entries: ConfigEntries,
  environment: Environment,
): { config: WorkerConfig | null; problems: readonly Problem[] } {
  // The allowed folders are an option like any other, so they have to be known before the others can be resolved.
  const allowed = readOptions(ALLOWED_PATHS, entries, environment, []);
  const allowedPaths = foldersOf('configProvidersAllowedPaths', allowed.values, allowed.input);
  const { values, input, keys, problems } = readOptions(WORKER_OPTIONS, entries, environment, allowedPaths);
  const pluginPath = foldersOf('pluginPath', values, input);
  const config: WorkerConfig = {
    ...values,
    configProvidersAllowedPaths: allowedPaths,
    pluginPath,
    converterEntries: {
      key: converterEntries('key.converter', input),
      value: converterEntries('value.converter', input),
    },
  };
  const unknown = unknownKeys(input.entries, { keys, maps: ['key.converter', 'value.converter'] });
  const all = [
    ...problems,
    ...unknown,
    ...ruleProblems(config, input, new Set(problems.map(({ key }) => key))),
  ];
  return { config: all.length === 0 ? config : null, problems: hideProvided(all, input.entries) };
}

/** The options below a key; those of the environment win. */
function converterEntries(key: string, { entries, environment = {} }: ScopeInput): ResolvedEntries {
  const below = new Map(entriesBelow(entries, `${key}.`));
  const prefix = environmentName(`${key}.`);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !name.startsWith(prefix) || name === prefix) continue;
    const option = name.slice(prefix.length).toLowerCase().replaceAll('_', '.');
    const origin = { source: `the environment variable ${name}`, folder: process.cwd() };
    below.set(option, { text: value, value, line: null, column: null, origin });
  }
  return below;
}

const ALLOWED_PATHS = { configProvidersAllowedPaths: WORKER_OPTIONS.configProvidersAllowedPaths };

function readOptions<D extends ConfigDefinition>(
  definition: D,
  config: ConfigEntries,
  environment: Environment,
  allowedPaths: readonly string[],
): { values: ConfigValues<D>; input: ScopeInput; keys: readonly string[]; problems: Problem[] } {
  const { entries, problems } = resolveEntries(config, { environment, allowedPaths });
  const input: ScopeInput = { entries, prefix: '', origin: config.origin, environment };
  const scope = parseScope(definition, input);
  const { values, known } = scope;
  return { values, input, keys: known.keys, problems: [...problems, ...scope.problems] };
}

type FolderList = 'pluginPath' | 'configProvidersAllowedPaths';

function foldersOf<N extends FolderList>(name: N, values: Record<N, unknown>, input: ScopeInput): string[] {
  const folders = values[name] as readonly string[];
  return folders.map((folder) => resolve(optionFolder(name, input), folder));
}

/** Mistakes that a format cannot find, in the options that are right in themselves. */
function ruleProblems(config: WorkerConfig, input: ScopeInput, wrong: ReadonlySet<string | null>): Problem[] {
  const problems: Problem[] = [];
  const report = (name: keyof typeof WORKER_OPTIONS, message: string | null) => {
    const key = dottedName(name);
    if (message === null || wrong.has(key)) return;
    problems.push(problemAt(optionPlace(name, input), key, message + environmentNote(name, input)));
  };
  report('bootstrapServers', serversMistake(config.bootstrapServers));
  report('offsetStorageTopic', topicNameMistake(config.offsetStorageTopic));
  report('offsetStoragePartitions', partitionsMistake(config.offsetStoragePartitions));
  report('offsetStorageReplicationFactor', replicationMistake(config.offsetStorageReplicationFactor));
  report('configStorageTopic', configTopicMistake(config));
  report('configStorageReplicationFactor', replicationMistake(config.configStorageReplicationFactor));
  report('pluginTimeoutMs', config.pluginTimeoutMs > 0 ? null : 'expected at least 1, got 0');
  report('listeners', listenersMistake(config.listeners));
  if (!wrong.has('security.protocol')) report('saslJaasConfig', loginMistake(config));
  for (const folder of config.pluginPath) {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    report('pluginPath', isFolder ? null : `no such folder: ${folder}`);
  }
  return problems;
}

function serversMistake(servers: readonly string[]): string | null {
  const wrong = servers.find((server) => !/^(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/i.test(server));
  return wrong === undefined ? null : `expected host:port, comma-separated, got ${JSON.stringify(wrong)}`;
}

function partitionsMistake(partitions: number): string | null {
  return partitions > 0 ? null : 'expected at least 1, got 0';
}

function configTopicMistake({
  configStorageTopic,
  offsetStorageTopic,
}: ConfigValues<typeof WORKER_OPTIONS>): string | null {
  if (configStorageTopic !== offsetStorageTopic) return topicNameMistake(configStorageTopic);
  return `expected another topic than offset.storage.topic, got ${configStorageTopic} for both`;
}

/** Replicas of a topic to create: -1 leaves it to the broker. */
export function replicationMistake(factor: number): string | null {
  if (factor === -1 || (factor > 0 && factor <= 32_767)) return null;
  return `expected -1 (the broker's default) or at least 1, got ${factor}`;
}

function loginMistake({
  securityProtocol,
  saslJaasConfig,
}: ConfigValues<typeof WORKER_OPTIONS>): string | null {
  const needed = securityProtocol.startsWith('SASL_');
  if (saslJaasConfig === null) {
    return needed ? `is required when security.protocol is ${securityProtocol}` : null;
  }
  if (!needed) {
    return `has no effect while security.protocol is ${securityProtocol}; set SASL_SSL or SASL_PLAINTEXT, or leave it out`;
  }
  const login = parseJaasConfig(saslJaasConfig);
  return 'mistake' in login ? login.mistake : null;
}
