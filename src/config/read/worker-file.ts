import { HeadraceError } from '../../plugin/index.ts';
import { renderProblem, sortProblems, withOthers } from '../check/problem.ts';
import { parseWorkerConfig, type WorkerConfig } from '../worker-config.ts';
import { entriesOf } from './config-entry.ts';
import { readConfigFile } from './config-file.ts';

/**
 * Reads a worker's configuration from a file, or from the environment alone.
 *
 * Throws CONFIG_INVALID with every problem, a line each.
 */
export function loadWorkerConfig(
  path: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): WorkerConfig {
  const file = path === null ? null : readConfigFile(path);
  const entries = file?.config ?? entriesOf({}, 'worker');
  const { config, problems } = parseWorkerConfig(entries, environment);
  const all = withOthers(file?.problems ?? [], file === null || entries.entries.size > 0 ? problems : []);
  if (config !== null && all.length === 0) return config;
  throw new HeadraceError('CONFIG_INVALID', sortProblems(all).map(renderProblem).join('\n'));
}
