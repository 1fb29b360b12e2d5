import type { AbortedTransaction } from '../protocol/fetch.ts';
import { type ReadBatch, type ReadRecord, readBatches } from '../records/record-batch-reader.ts';

/** What one fetched piece of a partition holds for a reader of committed records. */
export interface CommittedPiece {
  readonly records: readonly ReadRecord[];
  /** Where to read on, or null when there was no whole batch. */
  readonly nextOffset: bigint | null;
}

/**
 * The committed records from `fromOffset` on. The broker tells, beside the bytes, which transactions in them were
 * aborted: producer and first offset. A producer's batches from there to its abort marker are passed over (the rule
 * of Kafka's own consumer, `CompletedFetch`).
 */
export function committedRecords(
  bytes: Buffer,
  abortedTransactions: readonly AbortedTransaction[],
  fromOffset: bigint,
): CommittedPiece {
  const starts = abortedTransactions.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborted = new Set<bigint>();
  const records: ReadRecord[] = [];
  let nextOffset: bigint | null = null;
  for (const batch of readBatches(bytes)) {
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.lastOffset) {
      aborted.add((starts.shift() as AbortedTransaction).producerId);
    }
    if (isCommitted(batch, aborted)) {
      for (const record of batch.records()) if (record.offset >= fromOffset) records.push(record);
    }
    nextOffset = batch.lastOffset + 1n;
  }
  return { records, nextOffset };
}

function isCommitted(batch: ReadBatch, aborted: Set<bigint>): boolean {
  if (batch.marker === 'abort') aborted.delete(batch.producerId);
  if (batch.marker !== null) return false;
  return !(batch.isTransactional && aborted.has(batch.producerId));
}
