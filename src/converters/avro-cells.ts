import {
  type CellField,
  type CellPlan,
  type Cells,
  type CellTarget,
  type CellWriter,
  COPY_SLACK,
  copyFixed,
  type FixedBytes,
  fixedBytes,
} from '../plugin/index.ts';
import { MAX_LONG_BYTES } from './avro-binary.ts';
import { type CellForm, cellForm } from './avro-cell-forms.ts';
import type { AvroPlace, ValuePlace } from './avro-fit.ts';
import { placeWriter } from './avro-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { cellsFit, checkedCells } from './cells-fit.ts';

/** How one field of the schema is written. */
interface PlaceWriter {
  /** -1: always `empty`. */
  readonly column: number;
  /** The byte of its branch in a union; -1 where there is no union. */
  readonly branch: number;
  readonly form: CellForm;
  /** What is written for an empty cell; null where there must be none. */
  readonly empty: FixedBytes | null;
}

/** A union has far fewer branches, and their indexes take one byte. */
const MAX_BRANCH = 63;

/** A writer of Avro's binary form from cells, without text or objects between; null when some field needs records. */
export function compileAvroCells(
  header: Uint8Array,
  places: readonly AvroPlace[],
  { fields }: CellPlan,
): CellWriter | null {
  const own = new Map(fields.map((field) => [field.name, field]));
  const writers: PlaceWriter[] = [];
  for (const place of places) {
    const writer = place.fill === null ? cellWriter(place, own.get(place.name)) : filled(place.fill);
    if (writer === null) return null;
    writers.push(writer);
  }
  if (writers.filter(({ column }) => column >= 0).length !== fields.length) return null;
  return new AvroCellWriter(fixedBytes(header), writers);
}

class AvroCellWriter implements CellWriter {
  readonly #header: FixedBytes;
  readonly #writers: readonly PlaceWriter[];
  readonly #checked: readonly PlaceWriter[];
  readonly #fixedBytes: number;

  constructor(header: FixedBytes, writers: readonly PlaceWriter[]) {
    this.#header = header;
    this.#writers = writers;
    this.#checked = checkedCells(writers);
    const sizes = writers.map(({ form, empty }) => 1 + Math.max(form.extraBytes, empty?.length ?? 0));
    this.#fixedBytes = sizes.reduce((sum, size) => sum + size, header.length + COPY_SLACK);
  }

  maxBytes(cellBytes: number): number {
    return this.#fixedBytes + cellBytes;
  }

  takes(cells: Cells, first: number): boolean {
    return cellsFit(this.#checked, cells, first);
  }

  write(target: CellTarget, from: number, cells: Cells, first: number): number {
    const { bounds } = cells;
    let at = copyFixed(target, from, this.#header);
    for (const { column, branch, form, empty } of this.#writers) {
      const start = column < 0 ? 0 : (bounds[first + 2 * column] as number);
      const end = column < 0 ? 0 : (bounds[first + 2 * column + 1] as number);
      if (start === end) {
        at = copyFixed(target, at, empty as FixedBytes);
        continue;
      }
      if (branch >= 0) target.buffer[at++] = branch;
      at = form.write(target, at, cells, start, end);
    }
    return at;
  }
}

function cellWriter(place: ValuePlace, field: CellField | undefined): PlaceWriter | null {
  const { from, type, branch } = place;
  if (field === undefined || field.type !== from || (branch ?? 0) > MAX_BRANCH) return null;
  const form = cellForm(field, type);
  if (form === null) return null;
  // A zigzag number.
  return {
    column: field.column,
    branch: branch === null ? -1 : 2 * branch,
    form,
    empty: emptyBytes(place, field),
  };
}

/** null when what an empty cell stands for does not fit: the record's way tells of it. */
function emptyBytes(place: ValuePlace, { empty }: CellField): FixedBytes | null {
  const out = new ByteWriter();
  try {
    placeWriter(place)(out, empty);
  } catch {
    return null;
  }
  return fixedBytes(out.take());
}

const NEVER: CellForm = { extraBytes: MAX_LONG_BYTES, fits: null, write: (_target, at) => at };

function filled(bytes: Uint8Array): PlaceWriter {
  return { column: -1, branch: -1, form: NEVER, empty: fixedBytes(bytes) };
}
