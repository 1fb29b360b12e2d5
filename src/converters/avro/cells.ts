import type { CellField, CellPlan, CellWriter } from '../../rows/index.ts';
import { type CellStep, compileCellSteps } from '../cells/cell-program.ts';
import { ByteWriter } from './byte-writer.ts';
import { avroCellForm } from './cell-forms.ts';
import type { AvroPlace, FilledPlace, ValuePlace } from './fit.ts';
import { branchBytes, placeWriter } from './values.ts';

/** A union has far fewer branches, and their indexes take one byte. */
const MAX_BRANCH = 63;
const NOTHING = Buffer.alloc(0);

/** A writer of Avro's binary form from cells, without text or objects between; null when some field needs records. */
export function compileAvroCells(
  header: Uint8Array,
  places: readonly AvroPlace[],
  { fields }: CellPlan,
): CellWriter | null {
  const own = new Map(fields.map((field) => [field.name, field]));
  const steps: CellStep[] = [];
  let before: Uint8Array = header;
  const flat = flatPlaces(places);
  if (flat === null) return null;
  for (const place of flat) {
    if (place.kind === 'filled') {
      before = Buffer.concat([before, place.fill]);
      continue;
    }
    const step = cellStep(place, own.get(place.name), before);
    if (step === null) return null;
    steps.push(step);
    before = NOTHING;
  }
  return steps.length === fields.length ? compileCellSteps(steps, before) : null;
}

/** Records are their fields one after another; null where one may be null, which depends on several cells. */
function flatPlaces(places: readonly AvroPlace[]): readonly (FilledPlace | ValuePlace)[] | null {
  const flat: (FilledPlace | ValuePlace)[] = [];
  for (const place of places) {
    if (place.kind !== 'record') {
      flat.push(place);
      continue;
    }
    const inner = place.mayBeNull ? null : flatPlaces(place.places);
    if (inner === null) return null;
    flat.push({ kind: 'filled', fill: Buffer.from(branchBytes(place.branch)) }, ...inner);
  }
  return flat;
}

function cellStep(place: ValuePlace, field: CellField | undefined, before: Uint8Array): CellStep | null {
  const { from, type, branch } = place;
  if (field === undefined || field.type !== from || (branch ?? 0) > MAX_BRANCH) return null;
  const form = avroCellForm(field, type);
  if (form === null) return null;
  const empty = emptyBytes(place, field);
  return {
    column: field.column,
    form,
    // A zigzag number.
    before: branch === null ? before : Buffer.concat([before, Uint8Array.of(2 * branch)]),
    empty: empty === null ? null : Buffer.concat([before, empty]),
  };
}

/** null when what an empty cell stands for does not fit: the record's way tells of it. */
function emptyBytes(place: ValuePlace, { empty }: CellField): Uint8Array | null {
  const out = new ByteWriter();
  try {
    placeWriter(place)(out, empty);
  } catch {
    return null;
  }
  return out.take();
}
