import type { RecordBatch, Rejection, RowOrigin } from '../../plugin/index.ts';
import type { FileEntry, Outcome } from './file-ledger.ts';
import type { PartitionBatch } from './partition-buffers.ts';

/** Rejected rows told in full with each commit; the others are only counted. */
const MAX_EXAMPLES = 10;

export interface RejectedExample {
  readonly origin: RowOrigin;
  readonly rejection: Rejection;
}

/** What a committed transaction held. */
export interface CommitSummary {
  readonly outcome: Readonly<Outcome>;
  readonly examples: readonly RejectedExample[];
  /** Records written, by topic, dead letters included. */
  readonly topics: Readonly<Record<string, number>>;
  /** Bytes of the files that this commit acknowledges. */
  readonly fileBytes: number;
  /** Bytes of record batches, before compression. */
  readonly sentBytes: number;
  /** Rows whose time their topic does not keep. */
  readonly expired: number;
  readonly durationMs: number;
  readonly files: readonly FileEntry[];
}

/** Counts what goes into one transaction. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #outcome: Outcome = { produced: 0, filtered: 0, rejected: 0 };
  readonly #examples: RejectedExample[] = [];
  readonly #topics: Record<string, number> = Object.create(null);
  #fileBytes = 0;
  #sentBytes = 0;
  #expired = 0;

  get sentBytes(): number {
    return this.#sentBytes;
  }

  addRows(outcome: Outcome, fileBytes: number): void {
    this.#outcome.produced += outcome.produced;
    this.#outcome.filtered += outcome.filtered;
    this.#outcome.rejected += outcome.rejected;
    this.#fileBytes += fileBytes;
  }

  addRejected(batch: RecordBatch, index: number, rejection: Rejection): void {
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push({ origin: batch.origin(index), rejection });
  }

  addExpired(rows: number): void {
    this.#expired += rows;
  }

  addSent(batches: readonly PartitionBatch[]): void {
    for (const { topic, batch } of batches) {
      this.#topics[topic] = (this.#topics[topic] ?? 0) + batch.count;
      this.#sentBytes += batch.estimatedSize;
    }
  }

  /** The summary as of now, when the transaction has been committed. */
  summary(files: readonly FileEntry[]): CommitSummary {
    return {
      outcome: this.#outcome,
      examples: this.#examples,
      topics: this.#topics,
      fileBytes: this.#fileBytes,
      sentBytes: this.#sentBytes,
      expired: this.#expired,
      durationMs: performance.now() - this.#startedAt,
      files,
    };
  }
}
