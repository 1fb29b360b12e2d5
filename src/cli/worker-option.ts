import { namesBrokers } from '../config/read/environment.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { loadWorkerConfig } from '../config/worker-file.ts';
import { HeadraceError } from '../errors.ts';
import type { KafkaClient } from '../kafka/connection/client.ts';
import { workerClient } from '../runtime/worker/kafka-client-config.ts';

/**
 * The worker that `--worker` or the environment names.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each.
 */
export async function workerOption(path: string | undefined): Promise<WorkerConfig> {
  if (path === undefined && !namesBrokers(process.env)) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'which Kafka? Give --worker FILE, or HEADRACE_BOOTSTRAP_SERVERS',
    );
  }
  return loadWorkerConfig(path ?? null, process.env);
}

/** A client whose own log is kept from the screen: what matters comes as an error. */
export function quietClient(worker: WorkerConfig): KafkaClient {
  return workerClient(worker, () => {});
}
