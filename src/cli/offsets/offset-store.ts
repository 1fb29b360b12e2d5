import { didYouMean } from '../../config/suggest.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/client.ts';
import { requireCompacted } from '../../kafka/topics.ts';
import { readCommitted } from '../../storage/committed-topic.ts';
import { OffsetTable, type StoredSourceOffset } from '../../storage/offset-table.ts';

/** The offsets of a worker's connectors, as of now. */
export interface OffsetStore {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly table: OffsetTable;
}

/** @throws HeadraceError TOPIC_INVALID when there is no such topic, or one that is not compacted */
export async function offsetStoreOf(client: KafkaClient, worker: WorkerConfig): Promise<OffsetStore> {
  const table = new OffsetTable();
  const topic = worker.offsetStorageTopic;
  if (!(await readCommitted(client, topic, (record) => table.apply(record)))) {
    throw new HeadraceError(
      'TOPIC_INVALID',
      `offset.storage.topic: there is no topic ${topic} on ${worker.bootstrapServers.join(',')}, so nothing was ` +
        'delivered by this worker yet. Compare bootstrap.servers and offset.storage.topic with those of the worker that runs.',
    );
  }
  await requireCompacted(client, topic, 'offset.storage.topic');
  return { client, worker, table };
}

/**
 * What a connector has in the topic, which is something.
 *
 * @throws HeadraceError CONFIG_INVALID when it has nothing
 */
export function offsetsOf({ table, worker }: OffsetStore, connector: string): StoredSourceOffset[] {
  const found = table.of(connector);
  if (found.length > 0) return found;
  const known = table.connectors();
  const list = known.length === 0 ? 'it is empty' : `it has ${known.join(', ')}`;
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${worker.offsetStorageTopic} has no offsets of a connector ${JSON.stringify(connector)}${didYouMean(connector, known) || `; ${list}`}`,
  );
}

/** The file that an offset belongs to; null for what a connector keeps beside its files. */
export function fileOf({ partition }: Pick<StoredSourceOffset, 'partition'>): string | null {
  return typeof partition.file === 'string' ? partition.file : null;
}
