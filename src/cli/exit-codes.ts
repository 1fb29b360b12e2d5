import { type ErrorCode, HeadraceError } from '../errors.ts';
import type { LoadResult } from '../load/load-result.ts';

/** What a command's exit code says. */
export const EXIT = {
  /** All done. */
  ok: 0,
  /**
   * Finished, and not all is well: some rows are with the dead letters, some files were given up, a task that was asked
   * about is in trouble, or a test has failed.
   */
  incomplete: 1,
  /** Usage or configuration; nothing was read. */
  usage: 2,
  /** Stopped because too many rows were rejected. */
  errorBudget: 3,
  /** Stopped by Kafka, a registry or storage; the same command goes on. */
  outage: 4,
  /** Interrupted by a signal; the same command goes on. */
  interrupted: 130,
} as const;

const USAGE_CODES: readonly ErrorCode[] = [
  'CONFIG_INVALID',
  'PLUGIN_INVALID',
  'TOPIC_INVALID',
  'OFFSETS_LOST',
];
const BUDGET_CODES: readonly ErrorCode[] = ['ERROR_BUDGET_EXCEEDED', 'RECORD_REJECTED'];
/** Of a load that has read nothing yet, these are mistakes in what it was given. */
const INPUT_CODES: readonly ErrorCode[] = [
  'SOURCE_MALFORMED',
  'COLUMNS_MISSING',
  'COLUMNS_UNKNOWN',
  'SOURCE_UNREADABLE',
  'SCHEMA_REFUSED',
  'PLUGIN_FAILED',
];

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof HeadraceError)) return EXIT.outage;
  const isUsage =
    USAGE_CODES.includes(error.code) || (error.code === 'SOURCE_UNREADABLE' && !error.retriable);
  return isUsage ? EXIT.usage : EXIT.outage;
}

export function exitCodeOfLoad({ state, error, files, rows, rejected }: LoadResult): number {
  if (state === 'STOPPED') return EXIT.interrupted;
  // Of all that is loaded, whichever run has loaded it: a command that is run again says what is true.
  if (error === null) return rejected === 0 ? EXIT.ok : EXIT.incomplete;
  if (BUDGET_CODES.includes(error.code)) return EXIT.errorBudget;
  if (isFinished(files)) return EXIT.incomplete;
  const isInput = USAGE_CODES.includes(error.code) || INPUT_CODES.includes(error.code);
  return rows === 0 && isInput && !error.retriable ? EXIT.usage : EXIT.outage;
}

/** Some files were given up, and all the others are delivered. */
function isFinished(files: LoadResult['files']): boolean {
  const isDone = ({ state }: LoadResult['files'][number]) => state === 'COMPLETED' || state === 'SKIPPED';
  return files.some(isDone) && files.every((file) => isDone(file) || file.state === 'FAILED');
}
