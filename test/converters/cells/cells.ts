import type { FieldSchema, FieldValue, RecordSchema } from '../../../src/plugin/index.ts';
import {
  addressOf,
  allocate,
  allocateWords,
  type CellField,
  type CellPlan,
  type Cells,
  type CellWriter,
  release,
} from '../../../src/rows/index.ts';
import { callShared } from './shared-call.ts';

export const TOPIC = 'trades';

/** What an empty cell of a field stands for. */
export function emptyOf(field: FieldSchema): FieldValue {
  return field.default ?? null;
}

/** The plan that a transformation of type schema makes for columns in the order of the fields. */
export function planOf(
  schema: RecordSchema,
  cases: readonly (CellField['case'] | undefined)[] = [],
): CellPlan {
  const fields = schema.fields.map((field, column): CellField => {
    const { name, type } = field;
    return { name, column, type, empty: emptyOf(field), case: cases[column] ?? null };
  });
  return {
    width: fields.length,
    valueSchema: schema,
    fields,
    topic: TOPIC,
    partition: null,
    key: null,
    timestamp: null,
  };
}

/** Rows of cells as a parser leaves them: in one block that kernels reach, with a byte between that belongs to none. */
export function cellsOf(rows: readonly (readonly string[])[]): Omit<Cells, 'view'> {
  const texts = rows.flat();
  const words: number[] = [];
  let end = 0;
  for (const text of texts) {
    words.push(end, end + Buffer.byteLength(text));
    end += Buffer.byteLength(text) + 1;
  }
  const bytes = allocate(end);
  bytes.write(texts.map((text) => `${text},`).join(''));
  const bounds = allocateWords(words.length);
  bounds.set(words);
  return { bytes, bounds };
}

/** Gives back the memory of `cellsOf`. */
export function releaseCells({ bytes, bounds }: Omit<Cells, 'view'>): void {
  release(bytes);
  release(bounds);
}

/** What a writer makes of the row at `first` in the bounds; null when it does not write it. */
export function writtenCells(
  writer: CellWriter,
  cells: Omit<Cells, 'view'>,
  first: number,
  width: number,
): Buffer | null {
  const row = cells.bounds.subarray(first, first + 2 * width);
  let cellBytes = 0;
  for (let i = 0; i < row.length; i += 2) cellBytes += (row[i + 1] as number) - (row[i] as number);
  const room = writer.fixedBytes + writer.bytesPerByte * cellBytes;
  const target = allocate(BEFORE + room + SLACK + BEHIND).fill(UNTOUCHED);
  const at = addressOf(target) + BEFORE;
  const end = callShared(writer.write, writer.program, at, addressOf(cells.bytes), addressOf(row));
  const written = Buffer.from(target);
  release(target);
  const [before, behind] = [written.subarray(0, BEFORE), written.subarray(BEFORE + room + SLACK)];
  if ([...before, ...behind].some((byte) => byte !== UNTOUCHED)) throw new Error('written beyond the room');
  if (end === 0) return null;
  if (end - at > room) throw new Error(`${end - at} bytes where ${room} are the most`);
  return written.subarray(BEFORE, BEFORE + end - at);
}

const BEFORE = 3;
/** What may be overwritten behind the room, and what may not. */
const SLACK = 16;
const BEHIND = 32;
const UNTOUCHED = 0xee;

/** The value that a transformation of type schema reads from a cell in its plain form. */
export function cellValue(field: FieldSchema, cell: string, toCase: CellField['case'] = null): FieldValue {
  if (cell === '') return emptyOf(field);
  switch (field.type) {
    case 'int':
    case 'float':
    case 'double':
      return Number(cell);
    case 'long':
      return BigInt(cell);
    case 'boolean':
      return cell === 'true';
    default:
      if (toCase === null) return cell;
      return toCase === 'lower' ? cell.toLowerCase() : cell.toUpperCase();
  }
}
