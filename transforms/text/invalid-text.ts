import type { BlockRows } from '../../src/rows/index.ts';
import type { TextDecoding } from './decoding.ts';
import type { Fault } from './row-table.ts';

/** The rows that are not text in the file's encoding, by their index. */
export function* invalidRows(rows: BlockRows, decoding: TextDecoding): Generator<[row: number, Fault]> {
  const { bytes, rowBounds, rowCount } = rows;
  if (decoding.isText(bytes)) return;
  for (let row = 0; row < rowCount; row++) {
    const raw = bytes.subarray(rowBounds[2 * row], rowBounds[2 * row + 1]);
    if (!decoding.isText(raw)) yield [row, invalidText(rows, row, raw, decoding)];
  }
}

/** Says which column of a row is not text, and at which byte of the file. */
function invalidText(rows: BlockRows, row: number, raw: Buffer, decoding: TextDecoding): Fault {
  const offset = rows.position + (rows.rowBounds[2 * row] as number) + decoding.firstInvalid(raw);
  const column = invalidColumn(rows, row);
  const where = column === null ? '' : ` in column ${JSON.stringify(column)}`;
  return {
    errorName: decoding.errorName,
    message: `expected ${decoding.expected}, got other bytes${where} at byte ${offset} of the file`,
  };
}

function invalidColumn({ columns, cells: { bytes, bounds } }: BlockRows, row: number): string | null {
  const cell = (column: number) => {
    const at = 2 * (row * columns.length + column);
    return bytes.toString('utf8', bounds[at], bounds[at + 1]);
  };
  return columns.find((_, column) => cell(column).includes('\ufffd')) ?? null;
}
