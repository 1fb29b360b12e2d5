import type { FieldType } from '../../plugin/index.ts';

/** What was taken for granted of a column, and what to write where that is wrong. */
export interface Doubt {
  readonly text: string;
  /** Settings of the field, and what they would be; `type` is its type. */
  readonly change: Readonly<Record<string, string>>;
}

/** What a column's cells seem to be. */
export interface GuessedType {
  readonly type: FieldType;
  /** What the schema has to know of the field besides: `format`, `symbols`, `case`, `decimal`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Words that mean nothing in it. */
  readonly nulls: readonly string[];
  /** A cell that is not of the type: its row would be rejected. */
  readonly misfit: string | null;
  readonly doubts: readonly Doubt[];
}

export type Settings = Record<string, string>;

/** A type that a column may have, but for some of its cells. */
export interface CellReading extends Pick<GuessedType, 'type' | 'settings' | 'doubts'> {
  readonly misfits: number;
}
