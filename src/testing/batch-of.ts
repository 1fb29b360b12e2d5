import type { ParsedRows, ReadProgress } from '../plugin/index.ts';
import { RowBatch } from '../rows/index.ts';
import { FILE } from './test-file.ts';

type Row = Readonly<Record<string, string>>;

const BEGINNING: ReadProgress = { position: 0, row: 0, line: 0, head: 0 };

/** A batch of these rows; the columns are those of the first one. */
export function batchOf(rows: readonly Row[], before = BEGINNING): RowBatch {
  return new RowBatch(parsedRows(rows, before));
}

/**
 * These rows as a parser gives them.
 *
 * @param before what stands before them in the file
 */
export function parsedRows(rows: readonly Row[], before = BEGINNING): ParsedRows {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => Buffer.from(row[column] ?? '')));
  const rowBounds = new Uint32Array(2 * rows.length);
  const bounds = new Uint32Array(2 * rows.length * columns.length);
  let position = 0;
  lines.forEach((cells, index) => {
    rowBounds[2 * index] = position;
    cells.forEach((cell, column) => {
      const at = 2 * (index * columns.length + column);
      bounds[at] = position;
      position += cell.length;
      bounds[at + 1] = position;
      position += 1;
    });
    rowBounds[2 * index + 1] = Math.max(position - 1, 0);
  });
  const bytes = Buffer.from(lines.map((cells) => `${cells.join(',')}\n`).join(''));
  return {
    file: FILE,
    columns,
    bytes,
    position: before.position,
    rowCount: rows.length,
    rowBounds,
    lines: Uint32Array.from(rows, (_, index) => before.line + index + 1),
    cells: { bytes, bounds },
    progress: {
      position: before.position + bytes.length,
      row: before.row + rows.length,
      line: before.line + rows.length,
      head: 0,
    },
    eof: true,
  };
}
