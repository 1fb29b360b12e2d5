import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { requireCompacted } from '../../kafka/cluster/compacted-topic.ts';
import { describeTopics } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { type ConnectorClaim, readClaims } from '../../offsets/connector-claims.ts';
import { OffsetTable, type StoredSourceOffset } from '../../offsets/offset-table.ts';
import { offsetsTopic } from '../../runtime/worker/internal-topics.ts';
import { didYouMean } from '../../values/closest-name.ts';

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
 * The same for a connector whose offsets went with their topic, which is made anew.
 *
 * @throws HeadraceError as above, where the connector never had any
 */
export async function offsetStoreOrNewOf(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
): Promise<OffsetStore> {
  if ((await claimOn(client, worker, connector)) !== null) await offsetsTopic(client, worker);
  return offsetStoreOf(client, worker);
}

/** The claim on a connector, if it has its offsets in the worker's topic. */
export async function claimOn(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
): Promise<ConnectorClaim | null> {
  const topic = worker.configStorageTopic;
  const isThere = (await describeTopics(client, [topic])).has(topic);
  const claim = isThere ? (await readClaims(client, topic)).of(worker.groupId, connector) : null;
  return claim?.offsetsTopic === worker.offsetStorageTopic ? claim : null;
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
