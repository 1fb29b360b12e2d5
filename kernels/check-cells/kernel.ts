import { WORD_BYTES } from '../lib/sizes.ts';
import { CAPITALS, isAscii, trimmedEnd, trimmedStart } from '../lib/text.ts';
import { wordIndex } from '../lib/words.ts';
import {
  AS_READ,
  ASCII,
  COLUMN,
  DATE,
  DECIMAL,
  DIGITS,
  DOUBLE,
  FIELD_BYTES,
  FIELDS_END,
  KIND,
  NARROWS,
  NULL_WORDS,
  ONE_OF,
  ONE_OF_IN_ANY_CASE,
  OPTIONAL,
  PROGRAM_BYTES,
  ROW_BYTES,
  SCALE,
  TIMESTAMP,
  TRIM,
  WHOLE_NUMBER,
  WORDS,
} from './layout.ts';
import { decimalEnd, doubleEnd, isWholeNumber } from './numbers.ts';
import { isDate, isTimestamp } from './times.ts';

/**
 * Narrows the cells of rows to the values that they hold, from row `from` on, and gives the first row in which a cell is
 * not in its plain form, or `to`. That row's bounds stay as they were read.
 */
export function checkCells(program: usize, bytes: usize, bounds: usize, from: u32, to: u32): u32 {
  const rowBytes = load<u32>(program, ROW_BYTES);
  let row = from;
  while (row < to && takesRow(program, bytes, bounds + row * rowBytes)) row++;
  return row;
}

function takesRow(program: usize, bytes: usize, row: usize): bool {
  const end: usize = program + load<u32>(program, FIELDS_END);
  for (let field = program + PROGRAM_BYTES; field < end; field += FIELD_BYTES) {
    if (takesCell(program, field, bytes, row)) continue;
    restore(program, field, row);
    return false;
  }
  return true;
}

/** Backwards, because two fields may be made of one cell. */
function restore(program: usize, last: usize, row: usize): void {
  for (let field = last; field >= program + PROGRAM_BYTES; field -= FIELD_BYTES) {
    if (load<u32>(field, NARROWS) !== 0)
      store<u64>(row + load<u32>(field, COLUMN), load<u64>(field, AS_READ));
  }
}

function takesCell(program: usize, field: usize, bytes: usize, row: usize): bool {
  const cell: usize = row + load<u32>(field, COLUMN);
  if (load<u32>(field, NARROWS) !== 0) return narrowsCell(program, field, bytes, cell);
  const start = load<u32>(cell);
  const end = load<u32>(cell, WORD_BYTES);
  if (start === end) return load<u32>(field, OPTIONAL) !== 0;
  return valueEnd(program, field, bytes + start, bytes + end) !== 0;
}

/** Takes a cell whose bounds may become others, or that is looked at before its own check. */
function narrowsCell(program: usize, field: usize, bytes: usize, cell: usize): bool {
  let start: usize = bytes + load<u32>(cell);
  let end: usize = bytes + load<u32>(cell, WORD_BYTES);
  store<u64>(field, load<u64>(cell), AS_READ);
  if (load<u32>(field, ASCII) !== 0 && !isAscii(start, end)) return false;
  if (load<u32>(field, TRIM) !== 0) {
    start = trimmedStart(start, end);
    end = trimmedEnd(start, end);
    store<u32>(cell, <u32>(start - bytes));
  }
  if (wordIndex(program + load<u32>(field, NULL_WORDS), start, end, 0) >= 0) end = start;
  if (start === end) {
    if (load<u32>(field, OPTIONAL) === 0) return false;
  } else {
    end = valueEnd(program, field, start, end);
    if (end === 0) return false;
  }
  store<u32>(cell, <u32>(end - bytes), WORD_BYTES);
  return true;
}

/** Where the value ends in a cell that is not empty; 0 when that is not in its plain form. */
function valueEnd(program: usize, field: usize, start: usize, end: usize): usize {
  switch (load<u32>(field, KIND)) {
    case WHOLE_NUMBER:
      return isWholeNumber(start, end, load<u32>(field, DIGITS)) ? end : 0;
    case DOUBLE:
      return doubleEnd(start, end);
    case DECIMAL:
      return decimalEnd(start, end, load<u32>(field, DIGITS), load<u32>(field, SCALE));
    case TIMESTAMP:
      return isTimestamp(start, end) ? end : 0;
    case DATE:
      return isDate(start, end) ? end : 0;
    case ONE_OF:
      return wordIndex(program + load<u32>(field, WORDS), start, end, 0) < 0 ? 0 : end;
    case ONE_OF_IN_ANY_CASE:
      return wordIndex(program + load<u32>(field, WORDS), start, end, CAPITALS) < 0 ? 0 : end;
    default:
      return end;
  }
}
