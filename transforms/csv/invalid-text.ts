import { isUtf8 } from 'node:buffer';
import type { BlockRows } from '../../src/rows/index.ts';
import type { Encoding } from './encoding.ts';
import type { Fault } from './row-table.ts';

/** The rows that are not text in the file's encoding, by their index. */
export function* invalidRows(rows: BlockRows, encoding: Encoding): Generator<[row: number, Fault]> {
  const { bytes, rowBounds, rowCount } = rows;
  if (isText(bytes, encoding)) return;
  for (let row = 0; row < rowCount; row++) {
    const raw = bytes.subarray(rowBounds[2 * row], rowBounds[2 * row + 1]);
    if (!isText(raw, encoding)) yield [row, invalidText(rows, row, raw, encoding)];
  }
}

/** Whether bytes of a file are text in its encoding. */
function isText(bytes: Buffer, encoding: Encoding): boolean {
  if (encoding === 'utf8') return isUtf8(bytes);
  if (encoding !== 'utf16le') return true;
  return bytes.length % 2 === 0 && bytes.toString('utf16le').isWellFormed();
}

/** Says which column of a row is not text, and at which byte of the file. */
function invalidText(rows: BlockRows, row: number, raw: Buffer, encoding: Encoding): Fault {
  const offset = rows.position + (rows.rowBounds[2 * row] as number) + firstInvalid(raw, encoding);
  const column = invalidColumn(rows, row);
  const where = column === null ? '' : ` in column ${JSON.stringify(column)}`;
  const utf8 = encoding === 'utf8';
  return {
    errorName: utf8 ? 'InvalidUtf8' : 'InvalidUtf16',
    message: `expected ${utf8 ? 'UTF-8' : 'UTF-16LE'}, got other bytes${where} at byte ${offset} of the file`,
  };
}

/** A replacement character that is not in the bytes themselves stands where they are invalid. */
function firstInvalid(raw: Buffer, encoding: Encoding): number {
  const [text, genuine] =
    encoding === 'utf8'
      ? [raw.toString('utf8'), Buffer.of(0xef, 0xbf, 0xbd)]
      : [raw.toString('utf16le').toWellFormed(), Buffer.of(0xfd, 0xff)];
  for (let i = text.indexOf('\ufffd'); i >= 0; i = text.indexOf('\ufffd', i + 1)) {
    const at = Buffer.byteLength(text.slice(0, i), encoding === 'utf8' ? 'utf8' : 'utf16le');
    if (!raw.subarray(at, at + genuine.length).equals(genuine)) return at;
  }
  return raw.length;
}

function invalidColumn({ columns, cells: { bytes, bounds } }: BlockRows, row: number): string | null {
  const cell = (column: number) => {
    const at = 2 * (row * columns.length + column);
    return bytes.toString('utf8', bounds[at], bounds[at + 1]);
  };
  return columns.find((_, column) => cell(column).includes('\ufffd')) ?? null;
}
