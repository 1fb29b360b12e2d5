import { ofKind } from '../config/config-kind.ts';
import { entriesOf } from '../config/read/config-entry.ts';
import { readConfigFile } from '../config/read/config-file.ts';
import { BROKERS_VARIABLE, namesBrokers } from '../config/read/environment.ts';
import { invalidConfig } from '../config/read/problem.ts';
import { askWorkerStores, parseWorkerConfig, type WorkerConfig } from '../config/worker-config.ts';
import { loadWorkerConfig } from '../config/worker-file.ts';
import { offlineWorker } from '../dry-run/offline-worker.ts';
import { HeadraceError } from '../errors.ts';
import { COMMAND_LINE } from './job-feed.ts';
import type { LoadOptions } from './load-options.ts';

/**
 * The worker that a load runs in.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each.
 */
export async function workerOf({ worker, bootstrapServers, dryRun }: LoadOptions): Promise<WorkerConfig> {
  if (dryRun === true && bootstrapServers === undefined) return offlineWorker(worker ?? null, process.env);
  if (bootstrapServers !== undefined) return withServers(worker ?? null, bootstrapServers);
  if (worker === undefined && !namesBrokers(process.env)) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'which Kafka? Give --bootstrap-server HOST:PORT, --worker FILE, or HEADRACE_BOOTSTRAP_SERVERS',
    );
  }
  return loadWorkerConfig(worker ?? null, process.env);
}

/** What is said on the command line wins over the environment, and that over the file. */
async function withServers(path: string | null, servers: string): Promise<WorkerConfig> {
  const { [BROKERS_VARIABLE]: _, ...environment } = process.env;
  const given = entriesOf({ 'bootstrap.servers': servers }, COMMAND_LINE);
  const file = path === null ? null : ofKind('worker', readConfigFile(path));
  const entries = new Map([...(file?.config.entries ?? []), ...given.entries]);
  const written = { origin: file?.config.origin ?? given.origin, entries };
  const parsed = parseWorkerConfig(await askWorkerStores(written, environment), environment);
  const problems = file !== null && file.problems.length > 0 ? file.problems : parsed.problems;
  if (parsed.config !== null && problems.length === 0) return parsed.config;
  throw invalidConfig(problems);
}
