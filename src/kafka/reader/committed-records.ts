import type { AbortedTransaction } from '../protocol/fetch.ts';
import type { ReadBatch, ReadRecord } from '../records/record-batch-reader.ts';

/**
 * The committed records from `fromOffset` on in what was fetched of a partition. The broker tells, beside the batches,
 * which transactions in them were aborted: producer and first offset. A producer's batches from there to its abort
 * marker are passed over (the rule of Kafka's own consumer, `CompletedFetch`).
 */
export function* committedRecords(
  batches: readonly ReadBatch[],
  abortedTransactions: readonly AbortedTransaction[],
  fromOffset: bigint,
): Generator<ReadRecord> {
  const starts = abortedTransactions.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborted = new Set<bigint>();
  for (const batch of batches) {
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.lastOffset) {
      aborted.add((starts.shift() as AbortedTransaction).producerId);
    }
    if (isCommitted(batch, aborted)) {
      for (const record of batch.eachRecord()) if (record.offset >= fromOffset) yield record;
    }
  }
}

function isCommitted(batch: ReadBatch, aborted: Set<bigint>): boolean {
  if (batch.marker === 'abort') aborted.delete(batch.producerId);
  if (batch.marker !== null) return false;
  return !(batch.isTransactional && aborted.has(batch.producerId));
}
