import { HeadraceError } from '../errors.ts';
import { FileRejected, type ReadProgress, type Rejection, type SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import type { BatchEncoder } from './batch-encoder.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Outcome } from './file-ledger.ts';
import type { KnownRows } from './refusals.ts';
import type { Tally } from './tally.ts';
import { UnsendableRecord } from './unsendable-record.ts';

/** A file's data rows so far, and how many of them were rejected. */
export interface Standing {
  readonly rows: number;
  readonly rejected: number;
}

/** Decides what a rejected row means for its file and task. */
export interface RejectionPolicy {
  /**
   * Called before a rejected row goes to the dead-letter queue; `standing` counts it. Throws to stop at this row:
   * everything before it is delivered, it and what follows are not.
   */
  admit(batch: RowBatch, index: number, rejection: Rejection, standing: Standing): void;
  /** Called when all rows of a file are encoded. Throws when the file as a whole is not to be accepted. */
  admitFile(file: SourceFile, standing: Standing): void;
}

/** The policy stopped at a row. */
export class StoppedAtRow extends Error {
  /** Progress before that row. */
  readonly end: ReadProgress;
  override readonly cause: unknown;

  constructor(batch: RowBatch, index: number, cause: unknown) {
    super('stopped at a row');
    this.end = progressBefore(batch, index);
    this.cause = cause;
  }
}

/** How far a file is read before a row of a batch. */
export function progressBefore(batch: RowBatch, index: number): ReadProgress {
  if (index === batch.rowCount) return batch.progress;
  const { offset, row, line } = batch.origin(index);
  return { position: offset, row: row - 1, line: line - 1, head: batch.progress.head };
}

/** Takes the rows of a batch in order to where they belong: a partition's batch, the dead-letter queue, or nowhere. */
export class RowWalk {
  #outcome: Outcome = { produced: 0, filtered: 0, rejected: 0 };
  #rejected = 0;
  readonly #batch: RowBatch;
  readonly #before: Standing;
  readonly #now: number;
  readonly #cuts: readonly number[];
  readonly #isTraced: boolean;
  #index = 0;
  /** The row that was prepared last: its records may have several schemas for one topic, of which the encoder knows the last. */
  #prepared = -1;

  /**
   * @param known rows that Kafka is known to refuse are rejected
   * @param now the time of writing, in milliseconds since 1970
   */
  constructor(batch: RowBatch, before: Standing, known: KnownRows | null, now: number) {
    this.#now = now;
    this.#batch = batch;
    this.#before = before;
    this.#cuts = known?.cuts ?? [];
    this.#isTraced = known?.isTraced ?? false;
    for (const [index, rejection] of known?.refused ?? []) batch.reject(index, rejection);
  }

  /** The row that comes next. */
  get index(): number {
    return this.#index;
  }

  /** What became of the rows since the last call. */
  takeOutcome(): Outcome {
    const outcome = this.#outcome;
    this.#outcome = { produced: 0, filtered: 0, rejected: 0 };
    return outcome;
  }

  /**
   * Walks to the row `until` (true), or to one whose topic or schema must be prepared first (false).
   *
   * @throws StoppedAtRow when the policy does not admit a rejected row.
   */
  run(
    until: number,
    encoder: BatchEncoder,
    policy: RejectionPolicy,
    deadLetters: DeadLetters,
    tally: Tally,
  ): boolean {
    const batch = this.#batch;
    for (; this.#index < until; this.#index++) {
      this.#encodeCells(encoder, until);
      const index = this.#index;
      if (index === until) break;
      if (batch.isLive(index)) {
        const refused = this.#encode(index, encoder);
        if (refused === undefined) return false;
        if (refused === null) {
          this.#outcome.produced++;
          continue;
        }
        batch.reject(index, refused);
      }
      const rejection = batch.rejections.get(index);
      if (rejection === undefined) this.#outcome.filtered++;
      else this.#reject(index, rejection, policy, deadLetters, tally);
    }
    return true;
  }

  /** Takes the rows that are still cells as far as they go. */
  #encodeCells(encoder: BatchEncoder, until: number): void {
    for (;;) {
      const from = this.#index;
      if (this.#cuts.includes(from)) encoder.cut();
      if (this.#isTraced) return;
      const cut = Math.min(until, this.#cuts.find((index) => index > from) ?? until);
      const end = Math.min(this.#batch.endOfCells(from), cut);
      if (end === from) return;
      this.#index = encoder.encodeCells(this.#batch, from, end, this.#now);
      this.#outcome.produced += this.#index - from;
      if (this.#index < end || end < cut || end === until) return;
    }
  }

  /** null when the row is encoded, the reason when it cannot be, undefined when something must be prepared first. */
  #encode(index: number, encoder: BatchEncoder): Rejection | null | undefined {
    const batch = this.#batch;
    const only = batch.record(index);
    if (only !== null) {
      return encoder.isPrepared(only)
        ? encoder.encodeOne(batch.file, only, this.#now, this.#isTraced)
        : undefined;
    }
    const records = batch.records(index);
    const isPrepared = index === this.#prepared || records.every((record) => encoder.isPrepared(record));
    if (!isPrepared) return undefined;
    return encoder.encode(batch.file, records, this.#now, this.#isTraced);
  }

  /**
   * Prepares what the row needs at which `run` stopped, or rejects it when that is its own fault.
   *
   * @throws StoppedAtRow with a FileRejected when it is the fault of columns that only its file has
   */
  async prepare(encoder: BatchEncoder): Promise<void> {
    const index = this.#index;
    const batch = this.#batch;
    const records = batch.records(index);
    try {
      await encoder.prepare(records);
      this.#prepared = index;
    } catch (error) {
      if (error instanceof UnsendableRecord) return batch.reject(index, error.rejection);
      if (!(error instanceof HeadraceError) || error.retriable) throw error;
      if (!(await encoder.isForAddedColumns(records))) throw error;
      const { file } = batch;
      const message = `${file.path}: its new columns cannot be added: ${error.message}`;
      throw new StoppedAtRow(batch, index, new FileRejected(file, error.code, message, error));
    }
  }

  #reject(
    index: number,
    rejection: Rejection,
    policy: RejectionPolicy,
    deadLetters: DeadLetters,
    tally: Tally,
  ): void {
    const batch = this.#batch;
    try {
      policy.admit(batch, index, rejection, {
        rows: batch.rowNumber(index),
        rejected: this.#before.rejected + this.#rejected + 1,
      });
    } catch (cause) {
      throw new StoppedAtRow(batch, index, cause);
    }
    this.#rejected++;
    this.#outcome.rejected++;
    tally.addRejected(batch, index, rejection);
    deadLetters.add(batch, index, rejection, this.#now);
  }
}
