import { decimalEnd, doubleEnd, isWholeNumber } from './checks/numbers.ts';
import { isAscii, trimmedEnd, trimmedStart } from './checks/text.ts';
import { isDate, isTimestamp } from './checks/times.ts';
import { isOneOf, isOneOfInAnyCase } from './checks/words.ts';

/** Words in the order of `../check-kernel.ts`; the fields follow. */
@unmanaged
class Program {
  rowBytes: u32;
  fieldsEnd: usize;
  /** What means nothing, as an empty cell does. */
  nullWords: usize;
  nullWordsEnd: usize;
}

@unmanaged
class Field {
  /** Where its bounds are in those of a row. */
  column: u32;
  kind: u32;
  /** Of a whole number, the most digits it may have; of a decimal, the most before the point. */
  digits: u32;
  /** Of a decimal, the most digits after the point. */
  scale: u32;
  words: usize;
  wordsEnd: usize;
  /** An empty cell is taken. */
  optional: u32;
  /** Its bounds may become others, or it is looked at before its own check: 0 spares most fields that. */
  narrows: u32;
  ascii: u32;
  trim: u32;
  /** The bounds of the cell as it was read, where they may become others. */
  asRead: u64;
}

const WHOLE_NUMBER: u32 = 1;
const DOUBLE: u32 = 2;
const DECIMAL: u32 = 3;
const TIMESTAMP: u32 = 4;
const DATE: u32 = 5;
const ONE_OF: u32 = 6;
const ONE_OF_IN_ANY_CASE: u32 = 7;

/**
 * Narrows the cells of rows to the values that they hold, from row `from` on, and gives the first row in which a cell is
 * not in its plain form, or `to`. That row's bounds stay as they were read.
 */
export function checkCells(program: Program, bytes: usize, bounds: usize, from: u32, to: u32): u32 {
  const rowBytes = program.rowBytes;
  let row = from;
  while (row < to && takesRow(program, bytes, bounds + row * rowBytes)) row++;
  return row;
}

function takesRow(program: Program, bytes: usize, row: usize): bool {
  const end = program.fieldsEnd;
  for (let at = fieldsOf(program); at < end; at += offsetof<Field>()) {
    if (takesCell(program, changetype<Field>(at), bytes, row)) continue;
    restore(program, at, row);
    return false;
  }
  return true;
}

function fieldsOf(program: Program): usize {
  return changetype<usize>(program) + offsetof<Program>();
}

/** Backwards, because two fields may be made of one cell. */
function restore(program: Program, last: usize, row: usize): void {
  for (let at = last; at >= fieldsOf(program); at -= offsetof<Field>()) {
    const field = changetype<Field>(at);
    if (field.narrows !== 0) store<u64>(row + field.column, field.asRead);
  }
}

function takesCell(program: Program, field: Field, bytes: usize, row: usize): bool {
  const cell = row + field.column;
  let start = bytes + load<u32>(cell);
  let end = bytes + load<u32>(cell, 4);
  const narrows = field.narrows !== 0;
  if (narrows) {
    field.asRead = load<u64>(cell);
    if (field.ascii !== 0 && !isAscii(start, end)) return false;
    if (field.trim !== 0) {
      start = trimmedStart(start, end);
      end = trimmedEnd(start, end);
      store<u32>(cell, <u32>(start - bytes));
    }
    if (isOneOf(start, end, program.nullWords, program.nullWordsEnd)) end = start;
  }
  if (start === end) {
    if (field.optional === 0) return false;
  } else {
    end = valueEnd(field, start, end);
    if (end === 0) return false;
  }
  if (narrows) store<u32>(cell, <u32>(end - bytes), 4);
  return true;
}

/** Where the value ends in a cell that is not empty; 0 when that is not in its plain form. */
function valueEnd(field: Field, start: usize, end: usize): usize {
  switch (field.kind) {
    case WHOLE_NUMBER:
      return isWholeNumber(start, end, field.digits) ? end : 0;
    case DOUBLE:
      return doubleEnd(start, end);
    case DECIMAL:
      return decimalEnd(start, end, field.digits, field.scale);
    case TIMESTAMP:
      return isTimestamp(start, end) ? end : 0;
    case DATE:
      return isDate(start, end) ? end : 0;
    case ONE_OF:
      return isOneOf(start, end, field.words, field.wordsEnd) ? end : 0;
    case ONE_OF_IN_ANY_CASE:
      return isOneOfInAnyCase(start, end, field.words, field.wordsEnd) ? end : 0;
    default:
      return end;
  }
}
