import type { ConnectorConfig } from '../config/connector-config.ts';
import type { Rejection, RowOrigin, SourceChunk } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { createStages } from '../runtime/task/task-plugins.ts';
import { batchesOf, contextOf } from './offline-parts.ts';

/** A row that a feed would not deliver. */
export interface RejectedRow {
  readonly origin: RowOrigin;
  /** The row's bytes as they stand in the file, without the line end. */
  readonly raw: Buffer;
  /** As the transformations have left them, by their columns; none where the parser has rejected it. */
  readonly cells: ReadonlyMap<string, string>;
  readonly rejection: Rejection;
}

/** What became of a run of rows. */
export interface CheckedRows {
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
}

/**
 * Takes the rows of a file through a feed's parser and transformations as fast as a task would, and tells of those that are
 * rejected.
 *
 * @throws HeadraceError what would end the task, or give the file up
 */
export async function* rejectedRows(
  config: ConnectorConfig,
  chunks: AsyncIterable<SourceChunk> | Iterable<SourceChunk>,
): AsyncGenerator<CheckedRows, void, undefined> {
  const stages = await createStages(config, contextOf(config.name));
  try {
    for await (const batch of await batchesOf(config, chunks)) {
      if (batch instanceof Error) throw batch;
      for (const stage of stages) await stage.run(batch);
      const checked = { rows: batch.rowCount, rejected: rejectedIn(batch) };
      batch.release();
      yield checked;
    }
  } finally {
    for (const stage of stages) await stage.close();
  }
}

function rejectedIn(batch: RowBatch): RejectedRow[] {
  return [...batch.rejections]
    .sort(([one], [other]) => one - other)
    .map(([index, rejection]) => ({
      origin: batch.origin(index),
      raw: Buffer.from(batch.rawRow(index)),
      cells: rejection.stage === 'PARSE' ? NO_CELLS : cellsOf(batch, index),
      rejection,
    }));
}

const NO_CELLS: ReadonlyMap<string, string> = new Map();

function cellsOf(batch: RowBatch, index: number): ReadonlyMap<string, string> {
  return new Map(batch.columns.map((name, column) => [name, batch.cell(index, column)]));
}
