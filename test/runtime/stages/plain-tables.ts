import fc from 'fast-check';
import { CELL_TYPES, type CellType } from '../../rows/cell-types.ts';
import { type Field, TO_TRADES, type Way } from '../../sink/random-tables.ts';

/** Cells in their plain form, which `schema` leaves cells. */
const PLAIN: Readonly<Record<CellType, readonly string[]>> = {
  string: ['BHP', 'x', 'a"b', 'é'],
  int: ['12', '-999999999', '0'],
  long: ['0', '-7', '999999999999999', '-123456789012345678', '1234567890123456'],
  float: ['0.5', '12'],
  double: ['41.25', '0', '-7.125', '123456789.012345', '999999999999999', '0.000001'],
  boolean: ['true', 'false'],
  decimal: ['41.25', '-0.5'],
  timestamp: ['2026-01-31T09:30:00.123456Z', '1970-01-01T00:00:00Z'],
  date: ['2026-01-31', '1969-12-31'],
  enum: ['buy', 'Sell'],
};

const FALLBACKS: Partial<Record<CellType, string>> = { string: 'none "yet"', double: '0', long: '-7' };

const plainField = fc
  .record({
    type: fc.constantFrom(...CELL_TYPES),
    optional: fc.boolean(),
    hasFallback: fc.boolean(),
    letters: fc.constantFrom('lower', 'upper', null),
  })
  .map(
    ({ type, optional, hasFallback, letters }): Field => ({
      type,
      optional,
      fallback: hasFallback ? (FALLBACKS[type] ?? null) : null,
      trim: false,
      letters: type === 'string' ? letters : null,
      settings: {},
    }),
  );

const key: Field = {
  type: 'string',
  optional: false,
  fallback: null,
  trim: false,
  letters: null,
  settings: {},
};

const cellOf = ({ type, optional, fallback }: Field) =>
  fc.constantFrom(...PLAIN[type], ...(optional || fallback !== null ? [''] : []));

const way: fc.Arbitrary<Way> = fc
  .constantFrom(null, null, '__proto__')
  .map((timestamp) => ({ ...TO_TRADES, timestamp }));

/** Tables of which all rows are cells to the end, as far as nobody changes them. */
export const plainTable = fc.array(plainField, { maxLength: 3 }).chain((others) => {
  const fields = [key, ...others];
  return fc.record({
    fields: fc.constant(fields),
    rows: fc.array(fc.tuple(...fields.map(cellOf)), { maxLength: 12 }),
    typed: fc.constant(true),
    way,
    cut: fc.integer({ min: 1, max: 400 }),
  });
});
