import type { SourceArchive, SourceFile } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';

/** Ends files that have a `rowLimit` behind so many rows, as if nothing more of them had been read yet. */
export class RowLimit {
  /** Nothing more of it goes on. */
  #ended: SourceFile | SourceArchive | null = null;
  /** The archive that is read, and how many rows the files of it have that have ended. */
  #archive: { readonly of: SourceArchive; rows: number } | null = null;

  /** What goes on of a batch; null for nothing, and the batch is released. */
  take(batch: RowBatch): RowBatch | null {
    const { file, progress, rowCount } = batch;
    if (file.rowLimit === undefined) return batch;
    const whole = file.archive ?? file;
    const beyond = this.#rowsBefore(batch) + progress.row - file.rowLimit;
    batch.isAtLimit = beyond === 0;
    if (beyond <= 0) return batch;
    const isFirst = this.#ended !== whole && beyond < rowCount;
    this.#ended = whole;
    file.enough?.();
    if (isFirst) return Object.assign(batch.upTo(rowCount - beyond), { isAtLimit: true });
    batch.release();
    return null;
  }

  /** Rows of an archive that are in files before the one of this batch. */
  #rowsBefore({ file, progress, eof }: RowBatch): number {
    const { archive } = file;
    if (archive === undefined) return 0;
    if (this.#archive?.of !== archive) this.#archive = { of: archive, rows: archive.rowsBefore };
    const { rows } = this.#archive;
    if (eof) this.#archive.rows += progress.row;
    return rows;
  }
}
