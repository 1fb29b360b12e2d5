import { resolve } from 'node:path';
import type { ConfigDefinition, ConfigValues } from '../plugin/index.ts';
import { dottedName } from '../values/dotted-name.ts';
import { unknownKeys } from './check/unknown-keys.ts';
import { unknownVariables } from './check/unknown-variables.ts';
import { checkWorker } from './check/worker-rules.ts';
import { whyMeaningless } from './define/connect-worker-keys.ts';
import { parseScope } from './define/scope.ts';
import type { ScopeInput } from './define/scope-input.ts';
import { optionFolder } from './define/scope-input.ts';
import { WORKER_OPTIONS } from './define/worker-definition.ts';
import type { ConfigEntries, ConfigEntry, ResolvedEntries } from './read/config-entry.ts';
import { entriesBelow, problemAt } from './read/config-entry.ts';
import { resolveEntries } from './read/config-providers.ts';
import { type Environment, variablesBelow, workerVariables } from './read/environment.ts';
import { hideProvided } from './read/hidden-secrets.ts';
import { type Problem, renderProblem } from './read/problem.ts';
import { askStores } from './secrets/ask-stores.ts';
import { declaredStores, foreignProviders } from './secrets/declared-stores.ts';
import { type SecretStore, STORE_KINDS } from './secrets/secret-store.ts';

/** A worker's configuration. Plain data, so that it crosses into a task's thread. */
export interface WorkerConfig extends ConfigValues<typeof WORKER_OPTIONS> {
  /** Those that `config.providers` declares. */
  readonly secretStores: readonly SecretStore[];
  /** The options below `key.converter.` and `value.converter.`, for feeds that name no converter of their own. */
  readonly converterEntries: { readonly key: ResolvedEntries; readonly value: ResolvedEntries };
  /** What is written and means nothing here, a line each. */
  readonly warnings: readonly string[];
}

/** Reads a worker's configuration from entries; `config` is null when there are problems. */
export function parseWorkerConfig(
  written: ConfigEntries,
  environment: Environment,
): { config: WorkerConfig | null; problems: readonly Problem[] } {
  const { entries, warnings } = withoutMeaningless(written);
  // The allowed folders are an option like any other, so they have to be known before the others can be resolved.
  const allowed = readOptions(ALLOWED_PATHS, entries, environment, []);
  const allowedPaths = foldersOf('configProvidersAllowedPaths', allowed.values, allowed.input);
  const { values, input, keys, problems } = readOptions(WORKER_OPTIONS, entries, environment, allowedPaths);
  const pluginPath = foldersOf('pluginPath', values, input);
  const foreign = foreignProviders(written);
  const own = values.configProviders.filter((name) => !foreign.has(name));
  const declared = declaredStores(own, entriesOfProviders(input.entries, environment));
  const known = { keys, maps: ['key.converter', 'value.converter', 'config.providers'] };
  const variables = unknownVariables(environment, entries.entries, known);
  const config: WorkerConfig = {
    ...values,
    configProvidersAllowedPaths: allowedPaths,
    pluginPath,
    secretStores: declared.stores,
    converterEntries: {
      key: optionsBelow('key.converter', input.entries, environment),
      value: optionsBelow('value.converter', input.entries, environment),
    },
    warnings: [...warnings, ...variables.warnings],
  };
  const all = [
    ...problems,
    ...unknownKeys(input.entries, known),
    ...variables.problems,
    ...declared.problems,
    ...checkWorker(config, input, new Set(problems.map(({ key }) => key))),
  ];
  return { config: all.length === 0 ? config : null, problems: hideProvided(all, input.entries) };
}

const KEYS = new Set(Object.keys(WORKER_OPTIONS).map(dottedName));

const FOREIGN = `nothing of Java is loaded; a class is one of ${STORE_KINDS.join(', ')}`;

/** Keys of Kafka Connect's that mean nothing here are passed over, whatever they hold, and told. */
function withoutMeaningless(written: ConfigEntries): {
  entries: ConfigEntries;
  warnings: string[];
} {
  const kept = new Map<string, ConfigEntry>();
  const warnings: string[] = [];
  const foreign = foreignProviders(written);
  for (const [key, entry] of written.entries) {
    const isForeign = foreign.has(/^config\.providers\.([^.]+)\./.exec(key)?.[1] ?? '');
    const why = KEYS.has(key) ? null : isForeign ? FOREIGN : whyMeaningless(key);
    if (why === null) kept.set(key, entry);
    else warnings.push(renderProblem(problemAt(entry, key, `means nothing here: ${why}`)));
  }
  return { entries: { ...written, entries: kept }, warnings };
}

/** The entries with what the stores gave that they declare themselves. */
export async function askWorkerStores(
  entries: ConfigEntries,
  environment: Environment,
): Promise<ConfigEntries> {
  const kept = withoutMeaningless(entries).entries;
  const { values, input } = readOptions(PROVIDERS, kept, environment, []);
  const allowedPaths = foldersOf('configProvidersAllowedPaths', values, input);
  const { entries: resolved } = resolveEntries(kept, { environment, allowedPaths });
  const { stores } = declaredStores(values.configProviders, entriesOfProviders(resolved, environment));
  return await askStores(entries, stores, environment);
}

function entriesOfProviders(entries: ResolvedEntries, environment: Environment): ResolvedEntries {
  return optionsBelow('config.providers', entries, environment);
}

/** The options below a key; those of the environment win. */
function optionsBelow(key: string, entries: ResolvedEntries, environment: Environment): ResolvedEntries {
  return new Map([...entriesBelow(entries, `${key}.`), ...variablesBelow(key, environment)]);
}

const PROVIDERS = {
  configProviders: WORKER_OPTIONS.configProviders,
  configProvidersAllowedPaths: WORKER_OPTIONS.configProvidersAllowedPaths,
};
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
