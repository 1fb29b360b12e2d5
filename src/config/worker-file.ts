import { entriesOf } from './read/config-entry.ts';
import { readConfigFile } from './read/config-file.ts';
import type { Environment } from './read/environment.ts';
import { invalidConfig, withOthers } from './read/problem.ts';
import { parseWorkerConfig, type WorkerConfig } from './worker-config.ts';

/**
 * Reads a worker's configuration from a file, or from the environment alone.
 *
 * Throws CONFIG_INVALID with every problem, a line each.
 */
export function loadWorkerConfig(path: string | null, environment: Environment): WorkerConfig {
  const file = path === null ? null : readConfigFile(path);
  const entries = file?.config ?? entriesOf({}, 'worker');
  const { config, problems } = parseWorkerConfig(entries, environment);
  const all = withOthers(file?.problems ?? [], file === null || entries.entries.size > 0 ? problems : []);
  if (config !== null && all.length === 0) return config;
  throw invalidConfig(all);
}
