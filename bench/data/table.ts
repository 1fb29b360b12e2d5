import type { Random } from '../../src/testing/seeded-random.ts';

/** The types of fields that the feeds check. */
export type ColumnType = 'string' | 'long' | 'double' | 'timestamp';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The text of the cell; rows count from 1. It depends on nothing but the arguments. */
  readonly cell: (row: number, random: Random) => string;
}

/** A kind of file: its columns, and the one that is the key of the records. */
export interface Table {
  readonly name: string;
  readonly key: string;
  readonly columns: readonly Column[];
}
