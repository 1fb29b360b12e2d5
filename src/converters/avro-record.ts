import type { AvroPlace } from './avro-fit.ts';
import { placeWriter, type ValueWriter } from './avro-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { refuseOthers, rowOf } from './row.ts';

/** The bytes of a record's value. Throws a RowError when it does not fit its schema. */
export type RecordWriter = (value: unknown) => Uint8Array;

interface FieldWriter {
  readonly name: string;
  readonly absent: unknown;
  readonly write: ValueWriter;
}

/** Compiles the places of a schema into one function; every value's bytes begin with `header`. */
export function compileAvroRecord(header: Uint8Array, places: readonly AvroPlace[]): RecordWriter {
  const out = new ByteWriter();
  const writers = places.map((place) => (place.fill === null ? fieldWriter(place) : place.fill));
  const names = new Set(places.flatMap((place) => (place.fill === null ? [place.name] : [])));
  return (value) => {
    const row = rowOf(value);
    out.at = 0;
    out.append(header);
    let taken = 0;
    for (const writer of writers) {
      if (writer instanceof Uint8Array) {
        out.append(writer);
        continue;
      }
      const { name, absent, write } = writer;
      const own = Object.hasOwn(row, name) ? row[name] : undefined;
      if (own !== undefined) taken++;
      write(out, own === undefined ? absent : own);
    }
    refuseOthers(row, names, taken);
    return out.take();
  };
}

function fieldWriter(place: Extract<AvroPlace, { fill: null }>): FieldWriter {
  return { name: place.name, absent: place.absent, write: placeWriter(place) };
}
