/* What whoever taps a feed is told, as JSON over server-sent events; all sides import these. */

/** The events of `/connectors/{connector}/tap`, by name. */
export interface TapEvents {
  /** First of all. */
  readonly tapping: { readonly stage: string; readonly showsValues: boolean };
  readonly record: TappedRecord;
  /** Each second. */
  readonly counts: TapCounts;
  /** Last of all, where the worker ends it: why. */
  readonly end: { readonly reason: string };
}

/** Values as JSON has them; where the feed's are not to be shown, what they are. */
export interface TappedRecord {
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly task: number;
  readonly topic: string | null;
  readonly partition: number | null;
  /** Milliseconds since 1970. */
  readonly timestamp: number | null;
  readonly key: unknown;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  readonly value: unknown;
}

/** Since the tap was opened. */
export interface TapCounts {
  /** Of the feed; that of its tasks, where all have one. */
  readonly state: string;
  /** Rows that came by. */
  readonly rows: number;
  /** Rows of these that nobody looked at. */
  readonly passedOver: number;
  /** Workers of the group that run tasks of the feed and do not tell of them, each with the reason. */
  readonly silent: readonly string[];
}
