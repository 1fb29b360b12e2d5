import { partitionForKey } from './murmur2.ts';
import { RecordBatchBuilder } from './record-batch.ts';
import type { TransactionalProducer } from './transactional-producer.ts';

/**
 * Writes one record to the partition of its key: in the transaction that is open, or in one of its own, which is
 * committed then. Throws what the producer throws.
 */
export async function writeRecord(
  producer: TransactionalProducer,
  topic: { readonly name: string; readonly partitions: number },
  { key, value }: { readonly key: Buffer; readonly value: Buffer | null },
): Promise<void> {
  const batch = new RecordBatchBuilder();
  batch.append({ key, value, timestamp: Date.now() });
  const isOwn = producer.state !== 'IN_TRANSACTION';
  if (isOwn) producer.begin();
  await producer.send([{ topic: topic.name, partition: partitionForKey(key, topic.partitions), batch }]);
  if (isOwn) await producer.commit();
}
