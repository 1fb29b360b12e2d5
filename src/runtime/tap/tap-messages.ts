/** What somebody wants to see of a feed's records while it runs. Plain data. */
export interface TapRequest {
  /** A stage by its label, behind which records are looked at; null: behind the last. */
  readonly stage: string | null;
  /** Only records whose field has this text; null: all. */
  readonly where: { readonly field: string; readonly text: string } | null;
}

/** What the worker says to a task's thread. */
export type TapCommand =
  | { readonly type: 'tap'; readonly id: number; readonly request: TapRequest }
  | { readonly type: 'untap'; readonly id: number };

/** What a task's thread says to the worker. */
export interface Tapped {
  readonly type: 'tapped';
  readonly id: number;
  /** Each as JSON. */
  readonly records: readonly string[];
  /** Rows that came by since this was told last. */
  readonly rows: number;
  /** Rows of these that nobody looked at, as there was no time or room for them. */
  readonly passedOver: number;
  /** Why there is nothing to see; null as a rule. */
  readonly mistake: string | null;
}
