import { partitionForKey } from './murmur2.ts';
import { RecordBatchBuilder } from './record-batch.ts';
import type { TransactionalProducer } from './transactional-producer.ts';

/** Writes one record in a transaction of its own, to the partition of its key. Throws what the producer throws. */
export async function writeRecord(
  producer: TransactionalProducer,
  topic: { readonly name: string; readonly partitions: number },
  { key, value }: { readonly key: Buffer; readonly value: Buffer | null },
): Promise<void> {
  const batch = new RecordBatchBuilder();
  batch.append({ key, value, timestamp: Date.now() });
  producer.begin();
  await producer.send([{ topic: topic.name, partition: partitionForKey(key, topic.partitions), batch }]);
  await producer.commit();
}
