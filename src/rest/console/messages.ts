import type { FileStatus } from '../../offsets/file-status.ts';
import type { RowCounts } from '../../runtime/events/events.ts';
import type { FeedExpectation } from '../../runtime/expectations/expectation-status.ts';

/* What the console's page is told, as JSON over server-sent events, and one worker by another for it; all sides import these. */

/** How many seconds of rows per second are kept for curves. */
export const CURVE_SECONDS = 120;

/** The events of `/console/events`, by name. */
export interface ConsoleEvents {
  /** First of all, and whenever feeds come or go: what came before, by feed, oldest second first. */
  readonly curves: Curves;
  /** Each second. */
  readonly overview: Overview;
  /** Lines of the log since the last of these, oldest first. */
  readonly log: readonly LogLine[];
  /** Each second, of the feed that was asked for. */
  readonly feed: FeedDetail;
}

export interface Overview {
  readonly worker: WorkerShown;
  /** null where the worker has none. */
  readonly group: GroupShown | null;
  readonly feeds: readonly FeedShown[];
}

/** Workers that share their feeds. */
export interface GroupShown {
  readonly id: string;
  /** The work is being shared out: the workers are those of before. */
  readonly isSharingOut: boolean;
  /** Why the group's coordinator does not tell who is there; null while it does. */
  readonly trouble: string | null;
  readonly workers: readonly MemberShown[];
}

/** A worker of a group, as the group's coordinator knows it. */
export interface GroupMemberKnown {
  /** Where its REST is reached: `http://host:port`. */
  readonly url: string;
  /** Host and port, by which states of tasks name it. */
  readonly workerId: string;
  /** Its `group.instance.id`, or the id that the coordinator has given it. */
  readonly name: string;
  readonly leads: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** What it has been given, by name, sorted. */
  readonly tasks: readonly string[];
}

export interface MemberShown extends GroupMemberKnown {
  /** It is the one that tells this. */
  readonly isAsked: boolean;
  /** What it told last; null while it has told nothing. */
  readonly told: WorkerTold | null;
  /** When that was, in milliseconds since 1970. */
  readonly toldAt: number | null;
  /** Why it does not answer; null while it does, or was not asked before. */
  readonly trouble: string | null;
}

/** What a worker tells of itself. */
export interface WorkerTold {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly rssBytes: number;
  /** Of all its feeds, also those that it has for itself. */
  readonly rowsPerSecond: number;
}

/**
 * `GET /console/figures`: what a worker of a group counts by itself of the feeds that the group shares, for another one
 * that shows all of it.
 */
export interface Figures {
  readonly worker: WorkerTold;
  readonly feeds: readonly FeedCounted[];
  /** Where they are asked for: of the last seconds, the oldest first. */
  readonly curves: Curves;
  /** Of each feed that is asked for. */
  readonly details: Readonly<Record<string, DetailCounted>>;
  /** What is expected of the feeds that this worker tells it of. */
  readonly expectations: readonly FeedExpectation[];
  /** Lines of its log from the number on that is asked for, and the next number. */
  readonly log: { readonly lines: readonly LogLine[]; readonly next: number };
}

/** Rows of each of the last seconds, by feed. */
export type Curves = Readonly<Record<string, readonly number[]>>;

export interface FeedCounted {
  readonly name: string;
  /** Since the worker began. */
  readonly rows: RowCounts;
  readonly rowsPerSecond: number;
}

export interface DetailCounted {
  /** Records written since the worker began, by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Rows, by the plugin that rejected them. */
  readonly rejectedBy: Readonly<Record<string, number>>;
  /** Newest first. */
  readonly rejections: readonly RejectionShown[];
  /** How far it is with the files that it reads. */
  readonly reading: readonly FileStatus[];
}

export interface WorkerShown {
  readonly version: string;
  /** null while Kafka was not reached. */
  readonly clusterId: string | null;
  /** Why it waits; null when it does not. */
  readonly waitingFor: string | null;
  /** Whether it has yet to begin what it was started with: before that nothing can be changed. */
  readonly isStarting: boolean;
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
  /** Since the worker began; of what a group shares, since each of its workers did. */
  readonly rows: RowCounts;
  readonly rowsPerSecond: number;
  readonly files: FilesShown;
  /** Expected files that are late. */
  readonly late: number;
}

export interface TaskShown {
  readonly id: number;
  readonly state: string;
  /** Why it is in trouble, or nobody runs it. */
  readonly error: string | null;
  /** Host and port of who runs it; of one that nobody runs, of who tells so. */
  readonly workerId: string;
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
  /** Host and port of the worker whose line it is; null of the one that was asked. */
  readonly workerId: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}
