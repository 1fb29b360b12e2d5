import type { ParsedCells, ParsedRows } from '../../plugin/index.ts';
import { isThenable, shownValue } from '../../plugin-calls/plugin-use.ts';

/** What is wrong with what a parser's `push` gave; null when nothing is. */
export function parsedRowsMistake(given: unknown, eof: boolean): string | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || isThenable(given)) {
    const at = eof ? ' at the end of the file' : '';
    return `${shownValue(given)}${at}; expected ParsedRows${eof ? '' : ' or null'}`;
  }
  const rows = given as ParsedRows;
  if (rows.eof !== eof) return `ParsedRows with eof ${rows.eof} ${eof ? 'at' : 'before'} the end of the file`;
  const [part] = PARTS.find(([, isRight]) => !isRight(rows)) ?? [];
  return part === undefined ? null : `ParsedRows whose ${part} do not fit: ${shownValue(rows[part])}`;
}

/** What rows cannot be without, and whether it is there and long enough for as many rows. */
const PARTS: readonly (readonly [part: keyof ParsedRows, isRight: (rows: ParsedRows) => boolean])[] = [
  ['file', ({ file }) => isObject(file)],
  ['columns', ({ columns }) => Array.isArray(columns)],
  ['bytes', ({ bytes }) => Buffer.isBuffer(bytes)],
  ['position', ({ position }) => Number.isSafeInteger(position)],
  ['rowCount', ({ rowCount }) => Number.isSafeInteger(rowCount)],
  ['rowBounds', ({ rowBounds, rowCount }) => areWords(rowBounds, 2 * rowCount)],
  ['lines', ({ lines, rowCount }) => areWords(lines, rowCount)],
  ['cells', ({ cells, columns, rowCount }) => areCells(cells, rowCount * columns.length)],
  ['progress', ({ progress }) => isObject(progress)],
];

function areCells(cells: ParsedCells | undefined, count: number): boolean {
  return Buffer.isBuffer(cells?.bytes) && areWords(cells.bounds, 2 * count);
}

function areWords(words: unknown, count: number): boolean {
  return words instanceof Uint32Array && words.length >= count;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
