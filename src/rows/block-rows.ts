import type { ParsedCells, ParsedRows } from '../plugin/parsed-rows.ts';

/** How many of the last bytes before a position are kept with it. */
export const TAIL_BYTES = 1024;

/** Bytes of a file that are in no rows, as they belong to a rejected row that is too long. */
export interface SkippedBytes {
  readonly length: number;
  /** CRC-32 (zlib's) of them alone. */
  readonly crc32: number;
  /** The last `TAIL_BYTES` of them, or all. */
  readonly tail: Buffer;
}

/** Cells in memory that has room for more. */
export interface BlockCells extends ParsedCells {
  /** How far `bytes` are used; what is behind is room for more. Without this there is none. */
  readonly textEnd?: number;
}

/** Rows of a parser that knows which memory they stand in, and of rows that are too long for any. */
export interface BlockRows extends ParsedRows {
  readonly cells: BlockCells;
  /**
   * Cells, of all in their order, that are text of no characters; every other empty one is null then. Without this all empty
   * cells are such text.
   */
  readonly emptyTexts?: readonly number[] | undefined;
  /** What stands between `bytes` and the end of these rows; nothing as a rule. */
  readonly skipped?: SkippedBytes;
  /** Called once nobody will read any of it any more: its arrays may be used for others. */
  readonly release?: () => void;
}
