import { resolve } from 'node:path';
import type { ConfigDefinition, ConfigValues } from '../plugin/index.ts';
import { unknownKeys } from './check/unknown-keys.ts';
import { checkWorker } from './check/worker-rules.ts';
import { parseScope } from './define/scope.ts';
import type { ScopeInput } from './define/scope-input.ts';
import { optionFolder } from './define/scope-input.ts';
import { WORKER_OPTIONS } from './define/worker-definition.ts';
import type { ConfigEntries, ResolvedEntries } from './read/config-entry.ts';
import { entriesBelow } from './read/config-entry.ts';
import { resolveEntries } from './read/config-providers.ts';
import { type Environment, variablesBelow, workerVariables } from './read/environment.ts';
import { hideProvided } from './read/hidden-secrets.ts';
import type { Problem } from './read/problem.ts';

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
      key: converterEntries('key.converter', input.entries, environment),
      value: converterEntries('value.converter', input.entries, environment),
    },
  };
  const unknown = unknownKeys(input.entries, { keys, maps: ['key.converter', 'value.converter'] });
  const all = [
    ...problems,
    ...unknown,
    ...checkWorker(config, input, new Set(problems.map(({ key }) => key))),
  ];
  return { config: all.length === 0 ? config : null, problems: hideProvided(all, input.entries) };
}

/** The options below a key; those of the environment win. */
function converterEntries(key: string, entries: ResolvedEntries, environment: Environment): ResolvedEntries {
  return new Map([...entriesBelow(entries, `${key}.`), ...variablesBelow(key, environment)]);
}

const ALLOWED_PATHS = { configProvidersAllowedPaths: WORKER_OPTIONS.configProvidersAllowedPaths };

function readOptions<D extends ConfigDefinition>(
  definition: D,
  config: ConfigEntries,
  environment: Environment,
  allowedPaths: readonly string[],
): { values: ConfigValues<D>; input: ScopeInput; keys: readonly string[]; problems: Problem[] } {
  const { entries, problems } = resolveEntries(config, { environment, allowedPaths });
  const input: ScopeInput = {
    entries,
    prefix: '',
    origin: config.origin,
    environment: workerVariables(environment),
  };
  const scope = parseScope(definition, input);
  const { values, known } = scope;
  return { values, input, keys: known.keys, problems: [...problems, ...scope.problems] };
}

type FolderList = 'pluginPath' | 'configProvidersAllowedPaths';

function foldersOf<N extends FolderList>(name: N, values: Record<N, unknown>, input: ScopeInput): string[] {
  const folders = values[name] as readonly string[];
  return folders.map((folder) => resolve(optionFolder(name, input), folder));
}
