import type { ErrorLimit } from '../../config/define/error-limit.ts';
import { HeadraceError } from '../../errors.ts';
import { FileRejected, type Rejection, type SourceFile } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';
import type { RejectionPolicy, Standing } from '../../sink/row-walk.ts';

/** What a feed says of rows that are rejected. */
export interface ErrorRules {
  readonly tolerance: 'none' | 'all';
  readonly max: ErrorLimit | null;
  readonly includesValues: boolean;
}

/** A share says nothing about the first few rows: it is measured against at least this many until the file ends. */
const SHARE_MIN_ROWS = 1000;

/** `errors.tolerance`, `errors.max` and, for what it says, `errors.log.include.values`. */
export class ErrorPolicy implements RejectionPolicy {
  readonly #tolerance: 'none' | 'all';
  readonly #budget: ErrorLimit | null;
  readonly #includesValues: boolean;

  constructor({ tolerance, max, includesValues }: ErrorRules) {
    this.#tolerance = tolerance;
    this.#budget = max;
    this.#includesValues = includesValues;
  }

  /** @throws HeadraceError RECORD_REJECTED, or FileRejected when the budget is spent */
  admit(batch: RowBatch, index: number, rejection: Rejection, standing: Standing): void {
    if (this.#tolerance === 'none') throw this.#rowRejected(batch, index, rejection);
    const rows = Math.max(standing.rows, SHARE_MIN_ROWS);
    if (this.#allows({ rows, rejected: standing.rejected })) return;
    throw this.#spent(batch.file, standing, rowText(batch, index, reasonOf(rejection, this.#includesValues)));
  }

  /** @throws FileRejected when the budget is spent, or the file has another number of rows than it says */
  admitFile(file: SourceFile, standing: Standing): void {
    const { claimedRows } = file;
    if (claimedRows !== undefined && claimedRows !== standing.rows)
      throw miscounted(file, claimedRows, standing);
    if (!this.#allows(standing)) throw this.#spent(file, standing, 'seen at the end of the file');
  }

  #rowRejected(batch: RowBatch, index: number, rejection: Rejection): HeadraceError {
    const reason = reasonOf(rejection, this.#includesValues);
    return new HeadraceError('RECORD_REJECTED', rejectedText(batch, index, reason), {
      masked: rejectedText(batch, index, reasonOf(rejection, false)),
    });
  }

  #allows({ rows, rejected }: Standing): boolean {
    const budget = this.#budget;
    if (budget === null || rejected === 0) return true;
    return budget.kind === 'count' ? rejected <= budget.count : rejected <= budget.share * rows;
  }

  #spent(file: SourceFile, { rows, rejected }: Standing, detail: string): FileRejected {
    const budget = this.#budget as ErrorLimit;
    const allowed = budget.kind === 'count' ? `${budget.count}` : `${budget.share * 100}%`;
    return new FileRejected(
      file,
      'ERROR_BUDGET_EXCEEDED',
      `${file.path}: ${rejected} of ${rows} rows are rejected, errors.max allows ${allowed}; ${detail}. ` +
        'Mend the file or raise errors.max.',
    );
  }
}

function miscounted(file: SourceFile, claimedRows: number, { rows }: Standing): FileRejected {
  return new FileRejected(
    file,
    'SOURCE_MALFORMED',
    `${file.path}: its trailer row says ${claimedRows} rows, and it has ${rows}. Have the file sent again; only with ` +
      'transaction.boundary: file nothing of such a file is delivered.',
  );
}

/** Why a row was rejected, for whoever is to see the row's values or not. */
export function reasonOf({ message, masked = message }: Rejection, includesValues: boolean): string {
  return includesValues ? message : masked;
}

function rowText(batch: RowBatch, index: number, reason: string): string {
  const { row, line } = batch.origin(index);
  return `row ${row} (line ${line}): ${reason}`;
}

function rejectedText(batch: RowBatch, index: number, reason: string): string {
  return (
    `${batch.file.path}: ${rowText(batch, index, reason)}. Mend the row, or set errors.tolerance: all with a ` +
    'dead-letter queue (errors.deadletterqueue.topic.name) to go on without it.'
  );
}
