import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { RewriteOptions } from '../../offsets/rewrite-offsets.ts';
import { offsetsTopic } from './internal-topics.ts';
import { requireClaim, takeOver, taskId } from './take-over.ts';

/**
 * Takes a connector over before its offsets are changed, as a worker would that starts it. A task that is idle cannot
 * be told from one that has ended; it is shut out, and loses nothing by it.
 *
 * @param options.tasks how many are to run then; null: as many as before
 * @returns what to change the offsets with
 * @throws HeadraceError KAFKA_FENCED when another one was faster, and those of Kafka
 */
export async function shutOut(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
  { tasks, signal }: { readonly tasks: number | null; readonly signal?: AbortSignal },
): Promise<Omit<RewriteOptions, 'decide'>> {
  const offsets = await offsetsTopic(client, worker);
  const { claim } = await takeOver(client, { worker, connector, tasks, offsets, ...(signal && { signal }) });
  return {
    topic: offsets.name,
    connector,
    transactionalId: taskId(worker, connector, 0),
    isStillOurs: () => requireClaim(client, worker, connector, claim, signal),
    signal,
  };
}
