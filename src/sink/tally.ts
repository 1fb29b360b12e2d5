import type { Rejection, RowOrigin } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import type { FileEntry, Outcome } from './file-ledger.ts';
import type { PartitionBatch } from './partition-buffers.ts';
import type { Committed } from './transaction-queue.ts';

/** Rejected rows told in full with each commit; the others are only counted. */
export const MAX_EXAMPLES = 10;

export interface RejectedExample {
  readonly origin: RowOrigin;
  readonly rejection: Rejection;
}

/** What a committed transaction held. */
export interface CommitSummary {
  /** Its name, as the producer gives it. */
  readonly transaction: string;
  readonly outcome: Readonly<Outcome>;
  readonly examples: readonly RejectedExample[];
  /** Rejected rows, by the name of the plugin that rejected them. */
  readonly rejectedBy: Readonly<Record<string, number>>;
  /** Rejected rows whose key or value could not be made bytes, by the topic they were for. */
  readonly unserialized: Readonly<Record<string, number>>;
  /** Records written, by topic, dead letters included. */
  readonly topics: Readonly<Record<string, number>>;
  /** Bytes of the files that this commit acknowledges. */
  readonly fileBytes: number;
  /** Bytes of record batches, before compression. */
  readonly sentBytes: number;
  /** Rows whose time their topic does not keep. */
  readonly expired: number;
  /** From the first row of the transaction until its commit was answered. */
  readonly durationMs: number;
  readonly files: readonly FileEntry[];
}

/** Counts what goes into one transaction. */
export class Tally {
  #startedAt: number | null = null;
  readonly #outcome: Outcome = { produced: 0, filtered: 0, rejected: 0 };
  readonly #examples: RejectedExample[] = [];
  readonly #rejectedBy: Record<string, number> = Object.create(null);
  readonly #unserialized: Record<string, number> = Object.create(null);
  readonly #topics: Record<string, number> = Object.create(null);
  #fileBytes = 0;
  #sentBytes = 0;
  #expired = 0;

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** The first row is here; later calls change nothing. */
  begin(): void {
    this.#startedAt ??= performance.now();
  }

  addRows(outcome: Outcome, fileBytes: number): void {
    this.#outcome.produced += outcome.produced;
    this.#outcome.filtered += outcome.filtered;
    this.#outcome.rejected += outcome.rejected;
    this.#fileBytes += fileBytes;
  }

  addRejected(batch: RowBatch, index: number, rejection: Rejection): void {
    const { plugin, stage, topic = '' } = rejection;
    this.#rejectedBy[plugin] = (this.#rejectedBy[plugin] ?? 0) + 1;
    if (stage === 'KEY_CONVERTER' || stage === 'VALUE_CONVERTER')
      this.#unserialized[topic] = (this.#unserialized[topic] ?? 0) + 1;
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

  summary(files: readonly FileEntry[], { transaction, at }: Committed): CommitSummary {
    return {
      transaction,
      outcome: this.#outcome,
      examples: this.#examples,
      rejectedBy: this.#rejectedBy,
      unserialized: this.#unserialized,
      topics: this.#topics,
      fileBytes: this.#fileBytes,
      sentBytes: this.#sentBytes,
      expired: this.#expired,
      durationMs: at - (this.#startedAt ?? at),
      files,
    };
  }
}
