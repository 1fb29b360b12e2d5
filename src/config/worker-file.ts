import { ofKind } from './config-kind.ts';
import { entriesOf } from './read/config-entry.ts';
import { readConfigFile } from './read/config-file.ts';
import type { Environment } from './read/environment.ts';
import { invalidConfig, withOthers } from './read/problem.ts';
import { askWorkerStores, parseWorkerConfig, type WorkerConfig } from './worker-config.ts';

/**
 * Reads a worker's configuration from a file, or from the environment alone.
 *
 * @throws HeadraceError CONFIG_INVALID with every problem, a line each.
 */
export async function loadWorkerConfig(path: string | null, environment: Environment): Promise<WorkerConfig> {
  const file = path === null ? null : ofKind('worker', readConfigFile(path));
  const entries = file?.config ?? entriesOf({}, 'worker');
  const asked = await askWorkerStores(entries, environment);
  const { config, problems } = parseWorkerConfig(asked, environment);
  const all = withOthers(file?.problems ?? [], file === null || entries.entries.size > 0 ? problems : []);
  if (config !== null && all.length === 0) return config;
  throw invalidConfig(all);
}
