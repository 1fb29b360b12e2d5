import { isOpen, transactionalIds } from '../../cluster/transactional-ids.ts';
import { HeadraceError } from '../../errors.ts';
import type { OffsetStore } from './offset-store.ts';

/**
 * The transactional ids of a connector's tasks, which are taken over before its offsets are changed, the first task's
 * first. A task that is idle cannot be told from one that has ended; it is shut out, and loses nothing by it.
 *
 * @throws HeadraceError CONFIG_INVALID when a task is at work, or nobody can tell, unless it is forced
 */
export async function idsToShutOut(
  { client, worker }: OffsetStore,
  connector: string,
  force: boolean,
): Promise<readonly [string, ...string[]]> {
  const prefix = `${worker.groupId}-${connector}-`;
  const known = await transactionalIds(client);
  if (known === null && !force) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'the brokers are older than Apache Kafka 3.0 and cannot tell which tasks there are. Stop every worker that runs ' +
        `${connector}, then give --force.`,
    );
  }
  const tasks = (known ?? []).filter(
    ({ id }) => id.startsWith(prefix) && /^\d+$/.test(id.slice(prefix.length)),
  );
  const working = tasks.filter(isOpen);
  if (working.length > 0 && !force) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      `${connector} is at work: ${working.map(({ id }) => id).join(', ')} has a transaction open. Stop the worker that ` +
        'runs it; or give --force, and its task ends with KAFKA_FENCED.',
    );
  }
  const first = `${prefix}0`;
  return [first, ...tasks.map(({ id }) => id).filter((id) => id !== first)];
}

/** What a person must know who has just shut out tasks that may still run. */
export function tellShutOut(connector: string): void {
  console.error(
    `A worker that still runs ${connector} writes nothing more: its tasks end with KAFKA_FENCED. Start it again.`,
  );
}
