import type { KafkaClient } from '../connection/client.ts';
import { partitionForKey } from '../records/partitioner.ts';
import { type BatchRecord, RecordBatchBuilder } from '../records/record-batch.ts';
import { TransactionalProducer, type TransactionalProducerOptions } from './transactional-producer.ts';

/** What one send holds at most: no topic is too small for it, but for a single record. */
const MOST_RECORDS = 500;
const MOST_BYTES = 256 * 1024;

interface Topic {
  readonly name: string;
  readonly partitions: number;
}

type KeyedRecord = Pick<BatchRecord, 'value' | 'headers'> & { readonly key: Buffer };

/** A record and where it goes. */
export interface PlacedRecord extends KeyedRecord {
  readonly partition: number;
}

/**
 * Writes records in one transaction of a producer that is begun for it and shuts out whoever had its id.
 *
 * @param decide gives the records, once nobody else can write under the id
 * @throws HeadraceError what the producer throws, and whatever `decide` throws
 */
export async function writeInTransaction(
  client: KafkaClient,
  options: TransactionalProducerOptions,
  topic: string,
  decide: () => Promise<readonly PlacedRecord[]> | readonly PlacedRecord[],
): Promise<void> {
  const producer = await TransactionalProducer.start(client, options);
  try {
    const records = await decide();
    if (records.length === 0) return;
    producer.begin();
    await sendRecords(producer, topic, records);
    await producer.commit();
  } finally {
    await producer.close();
  }
}

/** Sends records in the transaction that is open, in their order. Throws what the producer throws. */
export async function sendRecords(
  producer: TransactionalProducer,
  topic: string,
  records: readonly PlacedRecord[],
): Promise<void> {
  const timestamp = Date.now();
  for (const piece of inPieces(records)) {
    const batches = [...Map.groupBy(piece, ({ partition }) => partition)].map(([partition, group]) => {
      const batch = new RecordBatchBuilder();
      for (const { key, value, headers } of group)
        batch.append({ key, value, timestamp, ...(headers && { headers }) });
      return { topic, partition, batch };
    });
    await producer.send(batches);
  }
}

function* inPieces(records: readonly PlacedRecord[]): Generator<PlacedRecord[]> {
  let piece: PlacedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.key.length + (record.value?.length ?? 0);
    if (piece.length === MOST_RECORDS || (piece.length > 0 && bytes + size > MOST_BYTES)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(record);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}

/** Each in the partition of its key. */
export function placed(records: readonly KeyedRecord[], { partitions }: Topic): PlacedRecord[] {
  return records.map((record) => ({ ...record, partition: partitionForKey(record.key, partitions) }));
}

/**
 * Writes one record to the partition of its key, or to others: in the transaction that is open, or in one of its own, which is
 * committed then. Throws what the producer throws.
 */
export async function writeRecord(
  producer: TransactionalProducer,
  topic: Topic,
  record: KeyedRecord,
  partitions: readonly number[] = [partitionForKey(record.key, topic.partitions)],
): Promise<void> {
  const isOwn = producer.state !== 'IN_TRANSACTION';
  if (isOwn) producer.begin();
  await sendRecords(
    producer,
    topic.name,
    partitions.map((partition) => ({ ...record, partition })),
  );
  if (isOwn) await producer.commit();
}
