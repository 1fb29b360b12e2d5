import { partitionForKey } from '../records/partitioner.ts';
import { type BatchRecord, RecordBatchBuilder } from '../records/record-batch.ts';
import type { TransactionalProducer } from './transactional-producer.ts';

/**
 * Writes one record to the partition of its key, or to others: in the transaction that is open, or in one of its own, which is
 * committed then. Throws what the producer throws.
 */
export async function writeRecord(
  producer: TransactionalProducer,
  topic: { readonly name: string; readonly partitions: number },
  record: Pick<BatchRecord, 'value' | 'headers'> & { readonly key: Buffer },
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
