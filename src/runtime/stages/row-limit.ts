import type { SourceFile } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';

/** Ends files that have a `rowLimit` behind so many rows, as if nothing more of them had been read yet. */
export class RowLimit {
  /** Nothing more of it goes on. */
  #ended: SourceFile | null = null;

  /** What goes on of a batch; null for nothing, and the batch is released. */
  take(batch: RowBatch): RowBatch | null {
    const { file, progress, rowCount } = batch;
    if (file.rowLimit === undefined) return batch;
    const beyond = progress.row - file.rowLimit;
    if (beyond <= 0) return batch;
    const isFirst = this.#ended !== file && beyond < rowCount;
    this.#ended = file;
    file.enough?.();
    if (isFirst) return batch.upTo(rowCount - beyond);
    batch.release();
    return null;
  }
}
