import type { ParsedRows } from '../plugin/index.ts';
import { RowBatch } from '../rows/index.ts';
import { FILE } from './test-file.ts';

type Row = Readonly<Record<string, string>>;

/** A batch of these rows; the columns are those of the first one. */
export function batchOf(rows: readonly Row[]): RowBatch {
  return new RowBatch(parsedRows(rows));
}

/** These rows as a parser gives them. */
export function parsedRows(rows: readonly Row[]): ParsedRows {
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
    position: 0,
    rowCount: rows.length,
    rowBounds,
    lines: Uint32Array.from(rows, (_, index) => index + 1),
    cells: { bytes, bounds },
    progress: { position: bytes.length, row: rows.length, line: rows.length, head: 0 },
    eof: true,
  };
}
