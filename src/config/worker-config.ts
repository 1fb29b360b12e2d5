import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigValues } from '../plugin/index.ts';
import { HeadraceError } from '../plugin/index.ts';
import type { ConfigEntries, ResolvedEntries } from './config-entry.ts';
import { entriesBelow, entriesOf, problemAt, wholeOf } from './config-entry.ts';
import { readConfigFile } from './config-file.ts';
import { resolveEntries } from './config-providers.ts';
import { environmentName } from './convict-schema.ts';
import { parseJaasConfig } from './jaas-config.ts';
import type { Problem } from './problem.ts';
import { renderProblem, sortProblems } from './problem.ts';
import { parseScope, unknownKeys } from './scope.ts';
import { topicNameMistake } from './topic-name.ts';
import { WORKER_OPTIONS } from './worker-definition.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A worker's configuration. Plain data, so that it crosses into a task's thread. */
export interface WorkerConfig extends ConfigValues<typeof WORKER_OPTIONS> {
  /** The options below `key.converter.` and `value.converter.`, for feeds that name no converter of their own. */
  readonly converterEntries: { readonly key: ResolvedEntries; readonly value: ResolvedEntries };
}

/**
 * Reads a worker's configuration from a file, or from the environment alone.
 *
 * Throws CONFIG_INVALID with every problem, a line each.
 */
export function loadWorkerConfig(path: string | null, environment: Environment): WorkerConfig {
  const file = path === null ? null : readConfigFile(path);
  const entries = file?.config ?? entriesOf({}, 'worker');
  const { config, problems } = parseWorkerConfig(entries, environment);
  const all = file !== null && file.problems.length > 0 ? file.problems : problems;
  if (config !== null && all.length === 0) return config;
  throw new HeadraceError('CONFIG_INVALID', sortProblems(all).map(renderProblem).join('\n'));
}

/** Reads a worker's configuration from entries; `config` is null when there are problems. */
export function parseWorkerConfig(
  entries: ConfigEntries,
  environment: Environment,
): { config: WorkerConfig | null; problems: readonly Problem[] } {
  const { origin } = entries;
  // The allowed folders are an option like any other, so they have to be known before the others can be resolved.
  const allowed = { configProvidersAllowedPaths: WORKER_OPTIONS.configProvidersAllowedPaths };
  const withoutFiles = resolveEntries(entries, { environment, allowedPaths: [] });
  const first = parseScope(allowed, { entries: withoutFiles.entries, prefix: '', origin, environment });
  const allowedPaths = absoluteAll(first.values.configProvidersAllowedPaths, origin.folder);
  const resolved = resolveEntries(entries, { environment, allowedPaths });

  const scope = parseScope(WORKER_OPTIONS, { entries: resolved.entries, prefix: '', origin, environment });
  const known = { keys: scope.known.keys, maps: ['key.converter', 'value.converter'] };
  const values = {
    ...scope.values,
    configProvidersAllowedPaths: allowedPaths,
    pluginPath: absoluteAll(scope.values.pluginPath, origin.folder),
  };
  const problems = [...resolved.problems, ...scope.problems, ...unknownKeys(resolved.entries, known)];
  if (scope.problems.length === 0)
    problems.push(...workerProblems(values, resolved.entries, entries, environment));
  const converterEntries = {
    key: entriesBelow(resolved.entries, 'key.converter.'),
    value: entriesBelow(resolved.entries, 'value.converter.'),
  };
  return { config: problems.length === 0 ? { ...values, converterEntries } : null, problems };
}

function workerProblems(
  values: ConfigValues<typeof WORKER_OPTIONS>,
  resolved: ResolvedEntries,
  { origin }: ConfigEntries,
  environment: Environment,
): Problem[] {
  const problems: Problem[] = [];
  const add = (name: keyof typeof WORKER_OPTIONS, key: string, message: string | null) => {
    const variable = environmentName(name);
    const from = environment[variable] === undefined ? '' : ` (from the environment variable ${variable})`;
    if (message !== null) problems.push(problemAt(resolved.get(key) ?? wholeOf(origin), key, message + from));
  };
  add('bootstrapServers', 'bootstrap.servers', serversMistake(values.bootstrapServers));
  add('offsetStorageTopic', 'offset.storage.topic', topicNameMistake(values.offsetStorageTopic));
  add(
    'offsetStoragePartitions',
    'offset.storage.partitions',
    partitionsMistake(values.offsetStoragePartitions),
  );
  add(
    'offsetStorageReplicationFactor',
    'offset.storage.replication.factor',
    replicationMistake(values.offsetStorageReplicationFactor),
  );
  add('saslJaasConfig', 'sasl.jaas.config', loginMistake(values));
  for (const folder of values.pluginPath) {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    add('pluginPath', 'plugin.path', isFolder ? null : `no such folder: ${folder}`);
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

function absoluteAll(paths: readonly string[], folder: string): string[] {
  return paths.map((path) => resolve(folder, path));
}
