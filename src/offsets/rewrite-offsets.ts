import type { KafkaClient } from '../kafka/connection/client.ts';
import { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { sendRecords } from '../kafka/producer/write-record.ts';
import { readToEnd } from '../kafka/reader/topic-reader.ts';
import { versionHeaders } from './offset-codec.ts';
import { OffsetTable, type StoredSourceOffset } from './offset-table.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

/** An offset to write as it is; a null value makes the connector forget it. */
export interface OffsetRecord {
  readonly topicPartition: number;
  readonly key: Buffer;
  readonly value: Buffer | null;
}

export interface RewriteOptions {
  readonly topic: string;
  readonly connector: string;
  /** Of a task of the connector, all of which are shut out already. */
  readonly transactionalId: string;
  /** Throws when somebody has taken the connector over since; asked once nobody else can write under the id. */
  readonly isStillOurs: () => Promise<void>;
  /** Decides what to write, from the connector's offsets as they are once nobody else can write them. */
  readonly decide: (table: OffsetTable) => readonly OffsetRecord[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes the offsets of a connector from outside of its tasks, safe from them, since they are shut out: the offsets are
 * read, and what takes their place is written in one transaction.
 *
 * @returns what was written
 * @throws HeadraceError of the producer, and whatever `decide` throws; doing it again is safe
 */
export async function rewriteOffsets(
  client: KafkaClient,
  { topic, connector, transactionalId, isStillOurs, decide, signal }: RewriteOptions,
): Promise<readonly OffsetRecord[]> {
  const producer = await TransactionalProducer.start(client, {
    transactionalId,
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    ...(signal && { signal }),
  });
  try {
    await isStillOurs();
    const table = new OffsetTable(connector);
    await readToEnd(client, topic, (record) => table.apply(record), { signal });
    const records = decide(table);
    if (records.length === 0) return records;
    producer.begin();
    await sendRecords(
      producer,
      topic,
      records.map(({ topicPartition: partition, key, value }) => ({
        ...{ partition, key, value },
        headers: versionHeaders(table.nextVersion()),
      })),
    );
    await producer.commit();
    return records;
  } finally {
    await producer.close();
  }
}

/** What makes a connector forget offsets: a tombstone wherever one is kept, since the topic may have got partitions. */
export function tombstonesOf(offsets: readonly StoredSourceOffset[]): OffsetRecord[] {
  return offsets.flatMap(({ places }) =>
    places.map(({ key, topicPartition }) => ({ key, topicPartition, value: null })),
  );
}
