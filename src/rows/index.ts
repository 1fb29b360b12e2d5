/**
 * What Headrace's own plugins work with besides the contract: rows as cells of a batch, and the memory that kernels reach.
 * It follows the engine, and is not published.
 */

export {
  addressOf,
  allocate,
  allocateFor,
  allocateWords,
  orRelease,
  release,
  wordsOf,
} from './arena.ts';
export type { BlockRows } from './block-rows.ts';
export { TAIL_BYTES } from './block-rows.ts';
export type { BatchCells, CellField, CellPlan, CellStage, Cells, CellWriter } from './cells.ts';
export type {
  BlockChunk,
  BlockFileParser,
  BlockParser,
  CellConverter,
  CellPredicate,
  CellTest,
  CellTransformation,
} from './faster-plugins.ts';
export { loadKernel, shareFunction } from './kernel.ts';
export { Program } from './program.ts';
export { RowBatch } from './row-batch.ts';
export { rowByRow } from './row-by-row.ts';
export { Struct } from './struct.ts';
export type { AddedField, WiderPlan } from './wider-plan.ts';
export { addedFields, widerPlan } from './wider-plan.ts';
export { wordList } from './word-list.ts';
export { writeCell } from './write-cell.ts';
