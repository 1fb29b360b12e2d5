import { copy } from '../lib/lanes.ts';
import { WORD_BYTES } from '../lib/sizes.ts';
import { Field } from './field.ts';
import {
  BEFORE,
  BEFORE_LENGTH,
  COLUMN,
  EMPTY,
  EMPTY_LENGTH,
  END,
  END_LENGTH,
  FIELD_BYTES,
  FIELDS_END,
  MAY_BE_EMPTY,
  PROGRAM_BYTES,
  QUOTES,
} from './layout.ts';

const QUOTE: u32 = 0x22;

/**
 * Writes the value of the row whose cells' bounds begin at `row`, counted from `bytes`, to `from`, and gives its end; 0 when
 * it cannot be written from cells.
 */
export function writeCells(program: usize, from: usize, bytes: usize, row: usize): usize {
  const fieldsEnd: usize = program + load<u32>(program, FIELDS_END);
  let at = from;
  for (let field = program + PROGRAM_BYTES; field < fieldsEnd; field += FIELD_BYTES) {
    const cell: usize = row + load<u32>(field, COLUMN);
    const start: usize = bytes + load<u32>(cell);
    const end: usize = bytes + load<u32>(cell, WORD_BYTES);
    if (start === end) {
      if (load<u32>(field, MAY_BE_EMPTY) === 0) return 0;
      at = copy(at, program + load<u32>(field, EMPTY), load<u32>(field, EMPTY_LENGTH));
      continue;
    }
    at = copy(at, program + load<u32>(field, BEFORE), load<u32>(field, BEFORE_LENGTH));
    at = Field.write(program, field, at, start, end);
    if (at === 0) return 0;
    store<u8>(at, QUOTE);
    at += load<u32>(field, QUOTES);
  }
  return copy(at, program + load<u32>(program, END), load<u32>(program, END_LENGTH));
}
