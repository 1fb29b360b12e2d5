import type { ConnectorConfig } from '../config/connector-config.ts';
import type { FileState } from '../plugin/index.ts';
import type { ErrorReport, RejectedRow, RowCounts } from '../runtime/events/events.ts';
import type { JobEnd } from './job-end.ts';
import type { JobPlan } from './job-plan.ts';
import { isDone, type JobTracker, type TrackedFile } from './job-tracker.ts';
import { addedUp } from './row-counts.ts';

/** Figures of a load. Rows and bytes are of the files as a whole, delivered by this run and those before it. */
interface Figures {
  /** Data rows read; = produced + filtered + rejected. */
  readonly rows: number;
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
  /** Content delivered, decompressed. */
  readonly bytes: number;
}

/** What became of one file. */
export interface LoadedFile extends Figures {
  /** As it was given. */
  readonly file: string;
  /** COMPLETED: all of it is delivered, or all that `rowLimit` leaves. SKIPPED: the same content was before. READING, DISCOVERED: in part, or not begun. */
  readonly state: FileState;
  /** Data rows that were wanted of it, by `limit`; null for all. */
  readonly rowLimit: number | null;
}

export interface JobResult extends Figures {
  readonly job: string;
  readonly state: JobEnd['state'];
  readonly error: ErrorReport | null;
  readonly files: readonly LoadedFile[];
  /** Records written by this run, by topic, dead letters included. */
  readonly topics: Readonly<Record<string, number>>;
  /** Rows of this run whose record's time is older than their topic keeps; `expired.timestamps` decides about them. */
  readonly expired: number;
  /** Of this run alone. */
  readonly run: Figures;
  /** Where rejected rows are; `<file>.*` when there is one for each of several tasks. */
  readonly deadLetterFile: string | null;
  readonly deadLetterTopic: string | null;
}

/** What `load` gives, and `headrace load --json` prints. */
export interface LoadResult extends Figures {
  /** The job's name; with several feeds, their jobs' names with commas between. */
  readonly job: string;
  /** COMPLETED: every row is delivered or rejected. STOPPED: told to stop. FAILED: see `error`. */
  readonly state: JobEnd['state'];
  readonly files: readonly LoadedFile[];
  /** Of this run, in milliseconds. */
  readonly durationMs: number;
  /** Of this run. */
  readonly rowsPerSecond: number;
  readonly topics: Readonly<Record<string, number>>;
  /** As of each job, added up. */
  readonly expired: number;
  readonly error: ErrorReport | null;
  readonly run: Figures;
  /** Everything was delivered by earlier runs. */
  readonly wasDelivered: boolean;
  /** What earlier runs had delivered is forgotten, as `restart` asked for. */
  readonly isBegunAnew: boolean;
  /** A job for each feed. */
  readonly jobs: readonly JobResult[];
  /** Where standard input was put, and is kept, because not all of it is delivered. */
  readonly spool: string | null;
  /** Of a dry run, which sends nothing: the first of the rows that would be rejected. */
  readonly dryRun: { readonly examples: readonly RejectedRow[] } | null;
}

export function jobResult({ job, feed }: JobPlan, tracker: JobTracker, end: JobEnd): JobResult {
  const { deadLetterTopic } = feed.config.errors;
  const files = tracker.files.map((tracked) => loadedFile(tracked, end));
  return {
    job,
    ...end,
    files,
    ...figures(tracker.rows, sumOf(files, 'bytes')),
    topics: { ...tracker.topics },
    expired: tracker.expired,
    run: figures(tracker.run, tracker.runBytes),
    deadLetterFile: deadLetterFileOf(feed.config, files.length),
    deadLetterTopic,
  };
}

export function loadResult(
  jobs: readonly JobResult[],
  {
    durationMs,
    ...whole
  }: Pick<LoadResult, 'durationMs' | 'wasDelivered' | 'isBegunAnew' | 'spool' | 'dryRun'>,
): LoadResult {
  const run = summed(jobs.map((result) => result.run));
  const topics: Record<string, number> = {};
  for (const result of jobs) {
    for (const [topic, records] of Object.entries(result.topics)) {
      topics[topic] = (topics[topic] ?? 0) + records;
    }
  }
  const unfinished = jobs.find(({ state }) => state !== 'COMPLETED');
  return {
    job: jobs.map(({ job }) => job).join(','),
    state: unfinished?.state ?? 'COMPLETED',
    files: jobs.flatMap(({ files }) => files),
    ...summed(jobs),
    durationMs: Math.round(durationMs),
    rowsPerSecond: Math.round((run.rows * 1000) / Math.max(1, durationMs)),
    topics,
    expired: jobs.reduce((sum, each) => sum + each.expired, 0),
    error: unfinished?.error ?? null,
    run,
    jobs,
    ...whole,
  };
}

function deadLetterFileOf({ errors, tasksMax }: ConnectorConfig, files: number): string | null {
  const { deadLetterFile } = errors;
  return deadLetterFile !== null && Math.min(tasksMax, files) > 1 ? `${deadLetterFile}.*` : deadLetterFile;
}

/** A file at which a job failed for good is FAILED, whether or not the connector has given it up itself. */
function loadedFile(tracked: TrackedFile, end: JobEnd): LoadedFile {
  const { file, rows, bytes } = tracked;
  const rowLimit = file.rowLimit ?? null;
  return { file: file.shown, state: stateOf(tracked, end), rowLimit, ...figures(rows, bytes) };
}

function stateOf(tracked: TrackedFile, end: JobEnd): FileState {
  const { state } = tracked;
  if (state !== 'READING') return state;
  if (isDone(tracked)) return 'COMPLETED';
  return end.error?.retriable === false ? 'FAILED' : state;
}

function figures({ read, produced, filtered, rejected }: RowCounts, bytes: number): Figures {
  return { rows: read, produced, filtered, rejected, bytes };
}

function summed(all: readonly Figures[]): Figures {
  const counts = addedUp(all.map(({ rows, ...others }) => ({ read: rows, ...others })));
  return figures(counts, sumOf(all, 'bytes'));
}

function sumOf(all: readonly Figures[], name: keyof Figures): number {
  return all.reduce((sum, each) => sum + each[name], 0);
}
