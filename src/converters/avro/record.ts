import { type Row, refuseOthers, rowOf } from '../shared/row.ts';
import { ByteWriter } from './byte-writer.ts';
import type { AvroPlace, RecordPlace, ValuePlace } from './fit.ts';
import { branchBytes, placeWriter } from './values.ts';

/** The bytes of a record's value. Throws a RowError when it does not fit its schema. */
export type RecordWriter = (value: unknown) => Uint8Array;

/** Writes its part of a record. */
type PartWriter = (out: ByteWriter, row: Row) => void;

/** Compiles the places of a schema into one function; every value's bytes begin with `header`. */
export function compileAvroRecord(header: Uint8Array, places: readonly AvroPlace[]): RecordWriter {
  const out = new ByteWriter();
  const writers = places.map(partWriter);
  const names = new Set(valuePlaces(places).map(({ name }) => name));
  return (value) => {
    const row = rowOf(value);
    out.at = 0;
    out.append(header);
    for (const write of writers) write(out, row);
    refuseOthers(row, names);
    return out.take();
  };
}

function partWriter(place: AvroPlace): PartWriter {
  if (place.kind === 'value') return valueWriter(place);
  if (place.kind === 'record') return recordWriter(place);
  return (out) => out.append(place.fill);
}

function valueWriter(place: ValuePlace): PartWriter {
  const { name, absent } = place;
  const write = placeWriter(place);
  return (out, row) => {
    const own = Object.hasOwn(row, name) ? row[name] : undefined;
    write(out, own === undefined ? absent : own);
  };
}

function recordWriter(place: RecordPlace): PartWriter {
  const before = branchBytes(place.branch);
  const writers = place.places.map(partWriter);
  const whole: PartWriter = (out, row) => {
    out.append(before);
    for (const write of writers) write(out, row);
  };
  if (!place.mayBeNull || place.nullBranch === null) return whole;
  const asNull = branchBytes(place.nullBranch);
  const names = valuePlaces(place.places).map(({ name }) => name);
  return (out, row) => {
    const isNull = names.every((name) => !Object.hasOwn(row, name) || (row[name] ?? null) === null);
    if (isNull) out.append(asNull);
    else whole(out, row);
  };
}

/** Those of values, in records too. */
function valuePlaces(places: readonly AvroPlace[]): readonly ValuePlace[] {
  return places.flatMap((place) => {
    if (place.kind === 'record') return valuePlaces(place.places);
    return place.kind === 'value' ? [place] : [];
  });
}
