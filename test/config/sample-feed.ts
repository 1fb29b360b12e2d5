import { resolve } from 'node:path';
import { loadConnectorConfig } from '../../src/config/connector-config.ts';
import { type ConfigEntries, entriesOf } from '../../src/config/read/config-entry.ts';
import { parseConfigText } from '../../src/config/read/config-file.ts';
import { renderProblem, sortProblems } from '../../src/config/read/problem.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../src/config/worker-config.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';

const loader = createPluginLoader({ pluginPath: [resolve(import.meta.dirname, '../fixtures/plugins')] });

/** A worker's configuration with these keys. */
export function workerOf(flat: Record<string, string> = {}): WorkerConfig {
  const entries = entriesOf({ 'bootstrap.servers': 'a:1', ...flat }, 'worker.yaml', '/worker');
  return parseWorkerConfig(entries, {}).config as WorkerConfig;
}

/** Loads a feed with the plugins of test/fixtures. */
export async function load(entries: ConfigEntries, worker = workerOf()) {
  const { config, problems } = await loadConnectorConfig(entries, loader, worker, {
    TOKEN: 'from-env',
    SLASH: 'a/b',
  });
  return { config, lines: sortProblems(problems).map(renderProblem) };
}

/** The entries of a feed's text, as if it were /feeds/feed.yaml. */
export function feed(text: string): ConfigEntries {
  return parseConfigText(text, { source: 'feed.yaml', folder: '/feeds' }).config;
}

const ROUTE = { 'transforms.route.type': 'route', 'transforms.route.topic': 'trades' };

/** The smallest feed that is right. */
export const MINIMAL = {
  name: 'trades',
  'connector.class': 'folder',
  'input.path': './drop',
  transforms: 'parse,route',
  'transforms.parse.type': 'separated',
  ...ROUTE,
};

/** A transformation to add to it. */
export const SHOUT = {
  transforms: 'parse,shout,route',
  'transforms.shout.type': 'shout',
  'transforms.shout.field': 'f',
};

/** The problems of the smallest right feed with these keys changed; null takes a key away. */
export async function problemsOf(
  changes: Record<string, string | null>,
  worker?: WorkerConfig,
): Promise<string[]> {
  const flat = Object.entries({ ...MINIMAL, ...changes }).filter(([, text]) => text !== null);
  const { lines } = await load(entriesOf(Object.fromEntries(flat) as Record<string, string>, 'REST'), worker);
  return lines;
}
