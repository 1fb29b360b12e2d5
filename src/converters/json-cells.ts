import {
  type CellField,
  type CellPlan,
  type Cells,
  type CellTarget,
  type CellWriter,
  COPY_SLACK,
  copyCell,
  copyFixed,
  type FixedBytes,
  fixedBytes,
} from '../plugin/index.ts';
import { writeJsonText, writeJsonTextIn } from './json-text.ts';

/** Copies one cell as JSON and gives the end. */
type CellCopy = (target: CellTarget, at: number, cells: Cells, start: number, end: number) => number;

interface FieldWriter {
  /** What stands before the value: a brace or comma, the name, a colon, and the quote of those that have one. */
  readonly before: FixedBytes;
  readonly column: number;
  readonly copy: CellCopy;
  readonly after: FixedBytes;
  /** All of it, for an empty cell. */
  readonly empty: FixedBytes;
}

/** An escaped byte takes so many. */
const LONGEST_ESCAPE = 6;
const INTEGER_KEY = /^(0|[1-9][0-9]*)$/;
const BARE = new Set(['int', 'long', 'float', 'double', 'boolean']);

/** A writer of JSON objects from cells: bytes to bytes, with no text or number in between. */
export function compileJsonCells({ fields, valueSchema }: CellPlan): CellWriter | null {
  // Objects put such keys first, whatever order they came in.
  if (valueSchema === null && fields.some(({ name }) => INTEGER_KEY.test(name))) return null;
  const writers = fields.map((field, index) => fieldWriter(field, index === 0));
  const end = fixedBytes(fields.length === 0 ? '{}' : '}');
  const fixed = writers.reduce(
    (sum, { before, after, empty }) => sum + before.length + after.length + empty.length,
    0,
  );
  return {
    maxBytes: (cellBytes) => fixed + end.length + LONGEST_ESCAPE * cellBytes + COPY_SLACK,
    write(target, from, cells, first) {
      const { bounds } = cells;
      let at = from;
      for (const { before, column, copy, after, empty } of writers) {
        const start = bounds[first + 2 * column] as number;
        const stop = bounds[first + 2 * column + 1] as number;
        if (start === stop) {
          at = copyFixed(target, at, empty);
          continue;
        }
        at = copyFixed(target, at, before);
        at = copy(target, at, cells, start, stop);
        at = copyFixed(target, at, after);
      }
      return copyFixed(target, at, end);
    },
  };
}

function fieldWriter(field: CellField, isFirst: boolean): FieldWriter {
  const { name, column, type, empty } = field;
  const key = `${isFirst ? '{' : ','}${JSON.stringify(name)}:`;
  const quote = BARE.has(type) ? '' : '"';
  const absent = typeof empty === 'bigint' ? String(empty) : JSON.stringify(empty);
  return {
    before: fixedBytes(key + quote),
    column,
    copy: copyOf(field),
    after: fixedBytes(quote),
    empty: fixedBytes(key + absent),
  };
}

/** Numbers and times in their plain form hold nothing to escape. */
function copyOf({ type, case: toCase }: CellField): CellCopy {
  if (type !== 'string' && type !== 'enum') return copyCell;
  return toCase === null ? writeJsonText : writeJsonTextIn(toCase);
}
