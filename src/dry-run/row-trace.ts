import type { Rejection, RowOrigin } from '../plugin/index.ts';
import type { RecordSnapshot } from './record-snapshot.ts';
import type { ShownRecord } from './shown-record.ts';

/** A stage as the feed names it: `transforms.<label>`, or `key.converter` and `value.converter`; `sink` behind them. */
export interface StageName {
  readonly label: string;
  readonly plugin: string;
}

/** A row's records when a stage had done its work: one, unless a transformation made several. */
export interface StageTrace extends StageName {
  readonly records: readonly RecordSnapshot[];
}

/** What would become of a row. */
export type RowOutcome =
  | { readonly kind: 'sent'; readonly records: readonly ShownRecord[] }
  | { readonly kind: 'filtered'; readonly stage: StageName }
  | { readonly kind: 'rejected'; readonly stage: StageName; readonly rejection: Rejection };

/** The way of one row through a feed. */
export interface RowTrace {
  readonly origin: RowOrigin;
  /** The row's bytes as they stand in the file, without the line end. */
  readonly raw: Buffer;
  /** The parser and the transformations that the row came through, in order. */
  readonly stages: readonly StageTrace[];
  readonly outcome: RowOutcome;
}
