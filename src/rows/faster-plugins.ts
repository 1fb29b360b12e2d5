import type {
  Converter,
  FileParser,
  Parser,
  Predicate,
  SourceChunk,
  SourceFile,
  Transformation,
} from '../plugin/index.ts';
import type { BlockRows } from './block-rows.ts';
import type { BatchCells, CellField, CellPlan, CellStage, CellWriter } from './cells.ts';

/*
 * What the engine asks of a plugin besides the contract, where it is there: faster ways to the same results. Property tests
 * hold both ways together.
 */

/** A transformation that works on cells. */
export interface CellTransformation extends Transformation {
  /** Compiled once per file and plan; null when rows of this plan must become records. */
  compileCells?(plan: CellPlan, file: SourceFile): CellStage | null;
  /** `apply` drops every record, so that it need not be made. */
  readonly dropsAll?: true;
}

/** Whether a row that is still cells meets a predicate. */
export type CellTest = (cells: BatchCells, row: number) => boolean;

/** A predicate that works on cells. */
export interface CellPredicate extends Predicate {
  /** Compiled once per file and plan: says and throws what `test` would; null when it needs a record. */
  compileCells?(plan: CellPlan): CellTest | null;
}

/** A converter that writes cells. */
export interface CellConverter extends Converter {
  /**
   * Of values: a writer for rows that are still cells, with the bytes `serialize` would give; null when there is none
   * for this plan. Compiled once per plan, after `prepare`.
   */
  compileCells?(plan: CellPlan): CellWriter | null;
  /** Of keys: true when the bytes of this field's key are the cell's own. */
  copiesCell?(field: CellField): boolean;
}

/** A chunk whose memory the source gives away with it. */
export interface BlockChunk extends SourceChunk {
  /**
   * The memory that `bytes` stand in, by `allocate`. What is in it around them is nothing: a parser may write there, and so
   * goes on without a copy.
   */
  readonly block?: Buffer | undefined;
}

/** A parser that takes over a chunk's block: to write to, and to give back by `release` once nobody reads what is in it. */
export interface BlockParser extends Parser {
  readonly takesBlocks?: boolean;
  open(file: SourceFile): BlockFileParser;
}

export interface BlockFileParser extends FileParser {
  push(bytes: Buffer, eof: boolean, block?: Buffer): BlockRows | null;
  rest?(): AsyncIterable<BlockRows> | null;
}
