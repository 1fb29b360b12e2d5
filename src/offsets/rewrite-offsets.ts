import type { KafkaClient } from '../kafka/connection/client.ts';
import { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { readToEnd } from '../kafka/reader/topic-reader.ts';
import { RecordBatchBuilder } from '../kafka/records/record-batch.ts';
import { versionHeaders } from './offset-codec.ts';
import { OffsetTable, type StoredSourceOffset } from './offset-table.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;
const RECORDS_PER_SEND = 500;

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
    if (records.length > 0) await write(producer, topic, records, table);
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

/** All in one transaction, in pieces that no topic is too small for. */
async function write(
  producer: TransactionalProducer,
  topic: string,
  records: readonly OffsetRecord[],
  table: OffsetTable,
): Promise<void> {
  const timestamp = Date.now();
  producer.begin();
  for (let at = 0; at < records.length; at += RECORDS_PER_SEND) {
    const piece = records.slice(at, at + RECORDS_PER_SEND);
    const batches = [...Map.groupBy(piece, ({ topicPartition }) => topicPartition)].map(
      ([partition, group]) => {
        const batch = new RecordBatchBuilder();
        for (const { key, value } of group) {
          batch.append({ key, value, timestamp, headers: versionHeaders(table.nextVersion()) });
        }
        return { topic, partition, batch };
      },
    );
    await producer.send(batches);
  }
  await producer.commit();
}
