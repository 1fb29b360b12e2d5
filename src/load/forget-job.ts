import type { KafkaClient } from '../kafka/connection/client.ts';
import { rewriteOffsets, tombstonesOf } from '../offsets/rewrite-offsets.ts';
import { shutOut } from '../runtime/worker/shut-out.ts';
import type { JobPlan } from './job-plan.ts';

/**
 * Forgets how far the job's files are delivered, and what its dead-letter file holds. Whoever runs the job is fenced
 * first, so that no commit of theirs can come after the tombstones; these are one transaction.
 *
 * @throws HeadraceError of Kafka's, retriable where waiting may help; doing it again is safe.
 */
export async function forgetJob(
  client: KafkaClient,
  { job, feed, files, worker }: JobPlan,
  signal: AbortSignal,
): Promise<void> {
  const paths = new Set<unknown>(files.map(({ path }) => path));
  await rewriteOffsets(client, {
    ...(await shutOut(client, worker, job, { tasks: feed.config.tasksMax, signal })),
    decide: (table) =>
      tombstonesOf(table.of(job).filter(({ partition: { file } }) => file === undefined || paths.has(file))),
  });
}
