import type { RowCounts } from '../runtime/events/events.ts';
import { isDone, type JobTracker } from './job-tracker.ts';
import { addedUp } from './row-counts.ts';

/**
 * What a load is doing. SPOOLING: taking standard input into a file. STARTING: reaching Kafka, finding out where to go
 * on. LOADING: rows are on their way. WAITING: something failed that may pass, and is tried again. STOPPING: told to
 * stop, committing.
 */
export type LoadPhase = 'SPOOLING' | 'STARTING' | 'LOADING' | 'WAITING' | 'STOPPING';

/** How far a load is. Bytes are those of the files on disk, and count when Kafka has acknowledged their rows. */
export interface LoadProgress {
  readonly phase: LoadPhase;
  /** What is waited for, in WAITING; else null. */
  readonly reason: string | null;
  readonly job: string;
  /** The file that is being loaded, as it was given. */
  readonly file: string | null;
  readonly filesDone: number;
  readonly fileCount: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Of all files, by this run and those before. */
  readonly rows: RowCounts;
  /** Of this run. */
  readonly run: RowCounts;
}

/** Puts the progress of several jobs together. */
export function progressOf(
  trackers: readonly JobTracker[],
  current: { readonly job: string; readonly tracker: JobTracker | null },
  phase: LoadPhase,
  reason: string | null,
): LoadProgress {
  const files = trackers.flatMap((tracker) => tracker.files);
  return {
    phase,
    reason,
    job: current.job,
    file: current.tracker?.current?.file.shown ?? null,
    filesDone: files.filter(isDone).length,
    fileCount: files.length,
    bytes: files.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
    totalBytes: files.reduce((sum, { file }) => sum + file.bytes, 0),
    rows: addedUp(trackers.map(({ rows }) => rows)),
    run: addedUp(trackers.map(({ run }) => run)),
  };
}
