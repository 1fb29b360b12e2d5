import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { isOpen, transactionalIds } from '../../kafka/cluster/transactional-ids.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { RewriteOptions } from '../../offsets/rewrite-offsets.ts';
import { shutOut } from '../../runtime/worker/shut-out.ts';
import { taskId, taskNumbers } from '../../runtime/worker/take-over.ts';
import type { OffsetStore } from './offset-store.ts';

/**
 * Shuts the tasks of a connector out, unless one of them is at work.
 *
 * @returns what to change the offsets with
 * @throws HeadraceError CONFIG_INVALID when a task is at work, or nobody can tell, unless it is forced
 */
export async function shutOutIdle(
  { client, worker }: Pick<OffsetStore, 'client' | 'worker'>,
  connector: string,
  force: boolean,
): Promise<Omit<RewriteOptions, 'decide'>> {
  if (!force) await requireIdle(client, worker, connector);
  return shutOut(client, worker, connector, { tasks: null });
}

async function requireIdle(client: KafkaClient, worker: WorkerConfig, connector: string): Promise<void> {
  const known = await transactionalIds(client);
  if (known === null) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'the brokers are older than Apache Kafka 3.0 and cannot tell which tasks there are. Stop every worker that runs ' +
        `${connector}, then give --force.`,
    );
  }
  const working = known.filter(isOpen);
  const ids = taskNumbers(working, worker, connector).map((task) => taskId(worker, connector, task));
  if (ids.length === 0) return;
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${connector} is at work: ${ids.join(', ')} has a transaction open. Stop the worker that runs it; or give --force, ` +
      'and its task ends with KAFKA_FENCED.',
  );
}

/** What a person must know who has just shut out tasks that may still run. */
export function tellShutOut(connector: string): void {
  console.error(
    `A worker that still runs ${connector} writes nothing more: its tasks end with KAFKA_FENCED. Start it again.`,
  );
}
