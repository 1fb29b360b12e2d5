import { isAscii } from 'node:buffer';
import type { LineCutter } from '../text/line-splitter.ts';
import type { Fault, RowTable } from '../text/row-table.ts';
import { trimmedEnd, trimmedStart } from '../text/white-space.ts';
import { type Column, leastLength } from './layout.ts';

export interface CuttingRules {
  readonly columns: readonly Column[];
  readonly trim: boolean;
  readonly shortLines: 'reject' | 'fill';
  readonly longLines: 'reject' | 'ignore';
}

/** Goes on by so many characters, to `end` at most. */
type Skip = (text: Buffer, at: number, characters: number, end: number) => number;

/** Cuts lines at their columns' places. */
export function lineCutter(rules: CuttingRules): LineCutter {
  return (table, text, from, limit) => {
    const skip = isAscii(text.subarray(from, limit)) ? skipBytes : skipCharacters;
    return (start, end, line) => {
      table.beginRow();
      const fault = cutCells(table, text, start, end, rules, skip);
      if (fault === null) table.endRow(start, end, line);
      else table.rejectRow(start, end, line, fault);
    };
  };
}

function cutCells(
  table: RowTable,
  text: Buffer,
  start: number,
  end: number,
  rules: CuttingRules,
  skip: Skip,
): Fault | null {
  const { columns, trim, shortLines, longLines } = rules;
  if (shortLines === 'reject' && isShort(text, start, end, columns, skip))
    return tooShort(text, start, end, columns);
  let at = start;
  let place = 1;
  for (const { from, to } of columns) {
    const begin = skip(text, at, from - place, end);
    at = skip(text, begin, to - from + 1, end);
    place = to + 1;
    const cell = trim ? trimmedStart(text, begin, at) : begin;
    table.addCell(cell, trim ? trimmedEnd(text, cell, at) : at);
  }
  if (longLines === 'ignore' || trimmedStart(text, at, end) === end) return null;
  return tooLong(text, start, end, columns);
}

function isShort(text: Buffer, start: number, end: number, columns: readonly Column[], skip: Skip): boolean {
  const least = leastLength(columns);
  return least > 0 && skip(text, start, least - 1, end) === end;
}

function skipBytes(_text: Buffer, at: number, characters: number, end: number): number {
  return Math.min(at + characters, end);
}

function skipCharacters(text: Buffer, at: number, characters: number, end: number): number {
  let to = at;
  for (let left = characters; left > 0 && to < end; left--) {
    to++;
    while (to < end && ((text[to] as number) & 0xc0) === 0x80) to++;
  }
  return to;
}

function tooShort(text: Buffer, start: number, end: number, columns: readonly Column[]): Fault {
  const length = charactersIn(text, start, end);
  const missing = columns.find((_, index) => length < leastLength(columns.slice(0, index + 1)));
  return {
    errorName: 'LineTooShort',
    message: `expected at least ${leastLength(columns)} characters, got ${length}: ${JSON.stringify(missing?.name)} is not all there`,
  };
}

function tooLong(text: Buffer, start: number, end: number, columns: readonly Column[]): Fault {
  const last = columns.at(-1) as Column;
  return {
    errorName: 'LineTooLong',
    message: `expected at most ${last.to} characters, got ${charactersIn(text, start, end)}: it goes on behind ${JSON.stringify(last.name)}`,
  };
}

function charactersIn(text: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (((text[at] as number) & 0xc0) !== 0x80) count++;
  return count;
}
