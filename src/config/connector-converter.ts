import type { ConverterPlugin } from '../plugin/index.ts';
import { unknownKeys } from './check/unknown-keys.ts';
import { ConnectorReader } from './connector-reader.ts';
import type { PluginInstance, PluginSource } from './define/plugin-instance.ts';
import type { ConfigEntries, ResolvedEntries, ResolvedEntry } from './read/config-entry.ts';
import { entriesBelow } from './read/config-entry.ts';
import type { Problem } from './read/problem.ts';
import type { WorkerConfig } from './worker-config.ts';

/**
 * Reads the converter of keys or values. A feed that names none takes the worker's, with the worker's options; options
 * that the feed sets itself win (the worker names the registry, the feed its subject).
 */
export async function readConverter(
  reader: ConnectorReader,
  side: 'key' | 'value',
  ownName: string | null,
  worker: WorkerConfig,
): Promise<PluginInstance<ConverterPlugin> | null> {
  const key = `${side}.converter`;
  const prefix = `${key}.`;
  const own = entriesBelow(reader.entries, prefix);
  const workerName = side === 'key' ? worker.keyConverter : worker.valueConverter;
  const plugin = await reader.load('converter', ownName ?? workerName, key);
  if (plugin === null) {
    reader.allow({ known: { keys: [], maps: [key] } });
    return null;
  }
  const inherited: ResolvedEntries = ownName === null ? worker.converterEntries[side] : new Map();
  const asked = own.get('plugin.version') ?? inherited.get('plugin.version');
  reader.requireVersion(plugin, `${prefix}plugin.version`, asked?.value ?? null);
  const instance = reader.instance(plugin, key, prefix, new Map([...inherited, ...own]));
  const whole = new Map([...inherited].map(([name, entry]) => [prefix + name, entry]));
  reader.problems.push(...unknownKeys(whole, reader.known));
  return instance;
}

/** Problems of the converters that a worker names, with their options. */
export async function workerConverterProblems(
  worker: WorkerConfig,
  { entries, origin }: ConfigEntries,
  plugins: PluginSource,
): Promise<readonly Problem[]> {
  // Only the two names: the options below them are in the worker's configuration already, with their providers' values.
  const names = new Map<string, ResolvedEntry>();
  for (const key of ['key.converter', 'value.converter']) {
    const entry = entries.get(key);
    if (entry !== undefined) names.set(key, { ...entry, value: entry.text });
  }
  const reader = new ConnectorReader(names, origin, plugins);
  for (const side of ['key', 'value'] as const) await readConverter(reader, side, null, worker);
  return reader.problems;
}
