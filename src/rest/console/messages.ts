import type { FileStatus } from '../../offsets/file-status.ts';
import type { RowCounts } from '../../runtime/events/events.ts';
import type { FeedExpectation } from '../../runtime/expectations/expectation-status.ts';

/* What the console's page is told, as JSON over server-sent events; both sides import these. */

/** How many seconds of rows per second are kept for curves. */
export const CURVE_SECONDS = 120;

/** The events of `/console/events`, by name. */
export interface ConsoleEvents {
  /** First of all, and whenever feeds come or go: what came before, by feed, oldest second first. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** Each second. */
  readonly overview: Overview;
  /** Lines of the log since the last of these, oldest first. */
  readonly log: readonly LogLine[];
  /** Each second, of the feed that was asked for. */
  readonly feed: FeedDetail;
}

export interface Overview {
  readonly worker: WorkerShown;
  readonly feeds: readonly FeedShown[];
}

export interface WorkerShown {
  readonly version: string;
  /** null while Kafka was not reached. */
  readonly clusterId: string | null;
  /** Why it waits; null when it does not. */
  readonly waitingFor: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly rssBytes: number;
  /** Whether whoever looks may change something. */
  readonly mayChange: boolean;
}

export interface FeedShown {
  readonly name: string;
  readonly state: string;
  /** Why the connector itself has failed. */
  readonly error: string | null;
  readonly tasks: readonly TaskShown[];
  /** Since the worker began. */
  readonly rows: RowCounts;
  readonly rowsPerSecond: number;
  readonly files: FilesShown;
  /** Expected files that are late. */
  readonly late: number;
}

export interface TaskShown {
  readonly id: number;
  readonly state: string;
  readonly error: string | null;
}

/** Of the files that the worker remembers. */
export interface FilesShown {
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Since when the one that waits longest is there: ISO 8601. */
  readonly oldestWaiting: string | null;
  readonly reading: number;
  readonly failed: number;
  /** The worker may have met more than it remembers. */
  readonly areAll: boolean;
  /** Changes whenever a file does. */
  readonly version: number;
}

/** `GET /console/files`: some of a feed's files, what changed last first. */
export interface FilesPage {
  readonly files: readonly FileStatus[];
  /** How many there are of the state and name that were asked for. */
  readonly total: number;
  /** How many have the name that was asked for, by state. */
  readonly states: Readonly<Record<string, number>>;
}

export interface FeedDetail {
  readonly name: string;
  /** The file that it is in; null when it was made over REST. */
  readonly definedIn: string | null;
  readonly stages: readonly StageShown[];
  /** Those behind which records can be looked at. */
  readonly tapStages: readonly string[];
  /** Records written since the worker began, by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** The last rows that were rejected, newest first. */
  readonly rejections: readonly RejectionShown[];
  readonly deadLetterTopic: string | null;
  /** Whether files are to be there by a time. */
  readonly isExpecting: boolean;
  /** Which; null as long as that is not known, and of a feed that expects none. */
  readonly expected: FeedExpectation | null;
}

export interface StageShown {
  readonly name: string;
  readonly type: string;
  /** Rows since the worker began, by the plugin: of two stages with one plugin the first has those of both. */
  readonly rejected: number;
}

export interface RejectionShown {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly plugin: string;
  readonly reason: string;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly connector: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}
