import { copy } from '../lib/lanes.ts';
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
  LOOKS,
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
  const asRead: usize = program + load<u32>(program, AS_READ);
  let row: usize = bounds + from * rowBytes;
  for (let index = from; index < to; index++, row += rowBytes) {
    if (asRead !== program) copy(asRead, row, rowBytes);
    if (takesRow(program, bytes, row)) continue;
    if (asRead !== program) memory.copy(row, asRead, rowBytes);
    return index;
  }
  return to;
}

function takesRow(program: usize, bytes: usize, row: usize): bool {
  const fieldsEnd: usize = program + load<u32>(program, FIELDS_END);
  for (let field = program + PROGRAM_BYTES; field < fieldsEnd; field += FIELD_BYTES) {
    const cell: usize = row + load<u32>(field, COLUMN);
    if (load<u32>(field, LOOKS) !== 0 && !isLookedAt(program, field, bytes, cell)) return false;
    const start: usize = bytes + load<u32>(cell);
    const end: usize = bytes + load<u32>(cell, WORD_BYTES);
    if (start === end) {
      if (load<u32>(field, OPTIONAL) === 0) return false;
      continue;
    }
    const last = valueEnd(program, field, start, end);
    if (last === 0) return false;
    // Most cells are all value: a store that is not made costs nothing.
    if (last !== end) store<u32>(cell, <u32>(last - bytes), WORD_BYTES);
  }
  return true;
}

/** Narrows a cell that is looked at before its own check. */
function isLookedAt(program: usize, field: usize, bytes: usize, cell: usize): bool {
  let start: usize = bytes + load<u32>(cell);
  let end: usize = bytes + load<u32>(cell, WORD_BYTES);
  if (load<u32>(field, ASCII) !== 0 && !isAscii(start, end)) return false;
  if (load<u32>(field, TRIM) !== 0) {
    start = trimmedStart(start, end);
    end = trimmedEnd(start, end);
    store<u32>(cell, <u32>(start - bytes));
  }
  if (wordIndex(program + load<u32>(field, NULL_WORDS), start, end, 0) >= 0) end = start;
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
      return isTimestamp(start, end, program + load<u32>(field, WORDS)) ? end : 0;
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
