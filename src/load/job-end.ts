import type { ErrorCode } from '../errors.ts';
import type { ErrorReport } from '../runtime/events/events.ts';
import { isDone, type JobTracker, type TrackedFile } from './job-tracker.ts';

/** How a job ended. STOPPED and FAILED ones go on where they were when they are run again. */
export interface JobEnd {
  readonly state: 'COMPLETED' | 'STOPPED' | 'FAILED';
  readonly error: ErrorReport | null;
}

/** Holds what a job says of its end against what is known of its files. */
export function judged(end: JobEnd, tracker: JobTracker): JobEnd {
  if (end.state === 'FAILED') return end;
  const unbalanced = tracker.files.find((file) => !isBalanced(file));
  if (unbalanced !== undefined) {
    const { read, produced, filtered, rejected } = unbalanced.rows;
    const sum = `${produced} produced + ${filtered} filtered + ${rejected} rejected`;
    return failed(
      'ROWS_UNACCOUNTED',
      `${unbalanced.file.shown}: ${read} rows were read, but ${sum} are not as many`,
    );
  }
  if (tracker.isDelivered) return { state: 'COMPLETED', error: null };
  if (end.state === 'STOPPED') return end;
  const missing = tracker.files.find((file) => !isDone(file)) as TrackedFile;
  const reason = missing.reason ?? 'it is gone, or is no longer a file';
  return failed('SOURCE_UNREADABLE', `${missing.file.shown}: was not loaded; ${reason}`);
}

function failed(code: ErrorCode, message: string): JobEnd {
  return { state: 'FAILED', error: { code, message, retriable: false } };
}

/** The parser's own count of a file's rows is what became of them. */
function isBalanced({ rowsParsed, rows }: TrackedFile): boolean {
  return rowsParsed === null || rowsParsed === rows.produced + rows.filtered + rows.rejected;
}
