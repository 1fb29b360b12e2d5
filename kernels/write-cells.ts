import { copy } from './cells/copy.ts';
import { Field } from './cells/field.ts';

/** A row's value, as `../cell-program.ts` lays it out; offsets are counted from here. */
@unmanaged
class Program {
  fieldsEnd: u32;
  /** What stands behind the last field. */
  end: u32;
  endLength: u32;
}

const QUOTE: u32 = 0x22;

/**
 * Writes the value of the row whose cells' bounds begin at `row`, counted from `bytes`, to `from`, and gives its end; 0 when
 * it cannot be written from cells.
 */
export function writeCells(program: usize, from: usize, bytes: usize, row: usize): usize {
  const fieldsEnd = program + changetype<Program>(program).fieldsEnd;
  let at = from;
  for (let next = program + offsetof<Program>(); next < fieldsEnd; next += offsetof<Field>()) {
    const field = Field.at(next);
    const start = bytes + load<u32>(row + field.column);
    const end = bytes + load<u32>(row + field.column, 4);
    if (start === end) {
      if (field.mayBeEmpty === 0) return 0;
      at = copy(at, program + field.empty, field.emptyLength);
      continue;
    }
    at = copy(at, program + field.before, field.beforeLength);
    at = field.write(at, start, end, program + field.detail);
    if (at === 0) return 0;
    store<u8>(at, QUOTE);
    at += field.quotes;
  }
  return copy(at, program + changetype<Program>(program).end, changetype<Program>(program).endLength);
}
