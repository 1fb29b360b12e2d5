import type {
  CellField,
  CellPlan,
  Cells,
  CellWriter,
  FieldSchema,
  FieldValue,
  RecordSchema,
} from '../../src/plugin/index.ts';

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

/** Rows of cells as a parser leaves them: in one buffer, with a byte between that belongs to none. */
export function cellsOf(rows: readonly (readonly string[])[]): Cells {
  const bounds: number[] = [];
  let text = '';
  for (const cell of rows.flat()) {
    bounds.push(Buffer.byteLength(text));
    text += cell;
    bounds.push(Buffer.byteLength(text));
    text += ',';
  }
  const bytes = Buffer.from(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, view, bounds: Uint32Array.from(bounds) };
}

/** What a writer makes of the row at `first` in the bounds; null when it does not take it. */
export function writtenCells(writer: CellWriter, cells: Cells, first: number, width: number): Buffer | null {
  if (writer.takes?.(cells, first) === false) return null;
  let cellBytes = 0;
  for (let i = first; i < first + 2 * width; i += 2) {
    cellBytes += (cells.bounds[i + 1] as number) - (cells.bounds[i] as number);
  }
  // Bytes before it, and none behind what may be written.
  const buffer = Buffer.alloc(BEFORE + writer.maxBytes(cellBytes), 0xee);
  const target = { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.length) };
  const end = writer.write(target, BEFORE, cells, first);
  return buffer.subarray(BEFORE, end);
}

const BEFORE = 3;

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
