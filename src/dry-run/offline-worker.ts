import { entriesOf } from '../config/read/config-entry.ts';
import { type Environment, namesBrokers } from '../config/read/environment.ts';
import { invalidConfig } from '../config/read/problem.ts';
import { parseWorkerConfig, type WorkerConfig } from '../config/worker-config.ts';
import { loadWorkerConfig } from '../config/worker-file.ts';

/**
 * The worker that feeds are looked at with: from its file, else from the environment. Where nothing says where Kafka is,
 * it does not matter: nobody asks it.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, one a line
 */
export async function offlineWorker(path: string | null, environment: Environment): Promise<WorkerConfig> {
  if (path !== null || namesBrokers(environment)) return loadWorkerConfig(path, environment);
  const nowhere = entriesOf({ 'bootstrap.servers': 'localhost:9092' }, 'worker');
  const { config, problems } = parseWorkerConfig(nowhere, environment);
  if (config === null) throw invalidConfig(problems);
  return config;
}
