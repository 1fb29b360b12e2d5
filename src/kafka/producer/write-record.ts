import type { KafkaClient } from '../connection/client.ts';
import { partitionForKey } from '../records/partitioner.ts';
import { type BatchRecord, RecordBatchBuilder } from '../records/record-batch.ts';
import { TransactionalProducer, type TransactionalProducerOptions } from './transactional-producer.ts';

interface Topic {
  readonly name: string;
  readonly partitions: number;
}

type KeyedRecord = Pick<BatchRecord, 'value' | 'headers'> & { readonly key: Buffer };

/**
 * Writes records, each to the partition of its key, in one transaction of a producer that is begun for it and shuts out
 * whoever had its id.
 *
 * @throws HeadraceError what the producer throws
 */
export async function writeInTransaction(
  client: KafkaClient,
  options: TransactionalProducerOptions,
  topic: Topic,
  records: readonly KeyedRecord[],
): Promise<void> {
  const producer = await TransactionalProducer.start(client, options);
  try {
    producer.begin();
    for (const record of records) await writeRecord(producer, topic, record);
    await producer.commit();
  } finally {
    await producer.close();
  }
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
  const timestamp = Date.now();
  const isOwn = producer.state !== 'IN_TRANSACTION';
  if (isOwn) producer.begin();
  await producer.send(
    partitions.map((partition) => {
      const batch = new RecordBatchBuilder();
      batch.append({ ...record, timestamp });
      return { topic: topic.name, partition, batch };
    }),
  );
  if (isOwn) await producer.commit();
}
