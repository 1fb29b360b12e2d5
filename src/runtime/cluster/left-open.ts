import { setTimeout as delay } from 'node:timers/promises';
import { ongoingIds } from '../../kafka/cluster/transactional-ids.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { initProducer } from '../../kafka/producer/init-producer.ts';

/** A broker that hangs is waited for no longer: a task ends what its id has left open as it begins, too. */
const MOST_MS = 1_500;
const TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Has transactions ended that workers which are gone have left open under these ids, which are this worker's now. Nobody reads
 * committed offsets beyond them, in the topic that all tasks share: neither others, nor a task that is to begin asleep and
 * would end its own only when it is awake. Throws nothing.
 */
export async function endLeftOpen(client: KafkaClient, ids: ReadonlySet<string>): Promise<void> {
  if (ids.size === 0) return;
  const late = new AbortController();
  const waited = delay(MOST_MS, undefined, { signal: late.signal, ref: false });
  await Promise.race([end(client, ids, late.signal), waited]).catch(() => {});
  late.abort();
}

async function end(client: KafkaClient, ids: ReadonlySet<string>, late: AbortSignal): Promise<void> {
  const known = await ongoingIds(client).catch(() => null);
  const open = known === null ? [...ids] : known.filter((id) => ids.has(id));
  // Who would be shut out later than that may be a task that has begun here.
  if (open.length === 0 || late.aborted) return;
  await client.withConnection((connection) =>
    Promise.allSettled(
      open.map((transactionalId) => {
        // Its end is begun with the first answer, which is "not yet".
        const once = { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS, startTimeoutMs: 0 };
        return initProducer(connection, { ...once, signal: late }, client.log);
      }),
    ),
  );
}
