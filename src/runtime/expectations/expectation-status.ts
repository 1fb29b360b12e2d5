export type DayState = 'WAITING' | 'TOO_SMALL' | 'CAME' | 'LATE';

/** What is known of a day. Times are ISO 8601, in UTC. */
export interface DayStatus {
  readonly day: string;
  /** When the files must be there. */
  readonly at: string;
  readonly state: DayState;
  /** With the date of the day in it; null for every file of the feed. */
  readonly pattern: string | null;
  readonly files: number;
  readonly minRows: number;
  /** How many are there; a hundred of them by name. */
  readonly came: number;
  readonly cameFiles: readonly NamedFile[];
  readonly tooSmall: readonly NamedFile[];
}

export interface NamedFile {
  readonly file: string;
  readonly rows: number;
}

/** What is expected of a feed. */
export interface FeedExpectation {
  readonly connector: string;
  /** `18:00 Australia/Sydney`. */
  readonly by: string;
  /** Days that are late, the one whose time has passed last, and the next one. */
  readonly days: readonly DayStatus[];
}
