import fc from 'fast-check';
import type { FieldSchema, RecordSchema } from '../../../src/plugin/index.ts';
import type { CellField } from '../../../src/rows/index.ts';
import { CELL_TYPES, type CellType } from '../../rows/cell-types.ts';
import { cellValue } from './cells.ts';

/** A schema, how letters are changed by column, and rows of cells in their plain form. */
export interface RandomTable {
  readonly schema: RecordSchema;
  readonly cases: readonly CellField['case'][];
  readonly rows: readonly (readonly string[])[];
}

const SYMBOLS = ['buy', 'sell', 'short_sell', 'x'];

const digits = (least: number, most: number) =>
  fc.stringMatching(new RegExp(`^[1-9][0-9]{${least - 1},${most - 1}}$`));
const signed = (text: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('', '-'), text).map((parts) => parts.join(''));

const double = fc
  .oneof(
    fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => String(Number(value.toPrecision(14)))),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => String(cents / 100)),
    fc.constantFrom('0', '0.1', '999999999999999', '123456789.012345', '0.000001', '-0.5', '7.1'),
  )
  .filter((text) => !text.includes('e') && text !== '-0');

const date = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const recentDate = fc
  .date({ min: new Date('1960-01-01T00:00:00Z'), max: new Date('2290-01-01T00:00:00Z'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const timestamp = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: recentDate }, { weight: 1, arbitrary: date }),
    fc.integer({ min: 0, max: 86_399 }),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,9}$/), fc.stringMatching(/^\.[0-9]{1,3}0{0,6}$/)),
    fc.constantFrom('Z', 'Z', 'Z', 'Z', '', '+10:30', '-05:00'),
  )
  .map(([day, second, fraction, zone]) => {
    const time = new Date(second * 1000).toISOString().slice(11, 19);
    return `${day}T${time}${fraction}${zone}`;
  });

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.string({ minLength: 1, maxLength: 200 }),
  fc.constantFrom('a"b', 'a\\b', '\u0001', '日本', 'BHP', '\u2028'),
);
const ASCII = fc.string({ unit: fc.constantFrom(...'abzABZ019 "\\\n@[`{'), minLength: 1, maxLength: 20 });

const CELLS: Readonly<Record<CellType, fc.Arbitrary<string>>> = {
  string: TEXT,
  int: fc.oneof(fc.constant('0'), signed(digits(1, 9))),
  long: fc.oneof(
    fc.constant('0'),
    signed(digits(1, 18)),
    fc.constantFrom('-999999999999999999', '4503599627370496'),
  ),
  float: double,
  double,
  boolean: fc.constantFrom('true', 'false'),
  decimal: fc.oneof(
    double,
    signed(
      fc
        .tuple(fc.stringMatching(/^[0-9]{1,12}$/), fc.stringMatching(/^(\.[0-9]{1,10})?$/))
        .map((parts) => parts.join('')),
    ),
    signed(fc.stringMatching(/^[0-9]{14,30}(\.[0-9]{1,8})?$/)),
  ),
  timestamp,
  date,
  enum: fc.constantFrom(...SYMBOLS),
};

interface RandomField {
  readonly field: FieldSchema;
  readonly letters: CellField['case'];
}

function cellArbitrary({ field, letters }: RandomField): fc.Arbitrary<string> {
  const { optional, default: value } = field;
  const type = field.type as CellType;
  let cells = CELLS[type];
  if (letters !== null && type === 'string') cells = ASCII;
  if (letters === 'lower' && type === 'enum') cells = cells.map((word) => word.toUpperCase());
  const mayBeEmpty = optional || value !== undefined;
  return mayBeEmpty
    ? fc.oneof({ weight: 3, arbitrary: cells }, { weight: 1, arbitrary: fc.constant('') })
    : cells;
}

function defaultsOf(type: CellType, scale: number): fc.Arbitrary<string | undefined> {
  if (type === 'decimal') return fc.constantFrom(undefined, scale > 0 ? '-1.5' : '-15');
  // A default of the schema itself is within the unit and the years that every unit has.
  const fixed = type === 'timestamp' ? fc.constantFrom('2026-01-31T09:30:00.120Z') : CELLS[type];
  return fc.option(fixed, { nil: undefined, freq: 3 });
}

const field = (name: string): fc.Arbitrary<RandomField> =>
  fc
    .record({
      type: fc.constantFrom(...CELL_TYPES),
      optional: fc.boolean(),
      precision: fc.integer({ min: 1, max: 38 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      unit: fc.constantFrom('millis', 'micros', 'nanos', undefined),
      local: fc.constantFrom(true, undefined),
      letters: fc.constantFrom('lower', null),
    })
    .chain(({ type, optional, precision: most, share, unit, local, letters }) => {
      const precision = Math.max(3, most);
      const scale = Math.floor(share * (precision - 1));
      return defaultsOf(type, scale).map((text) => {
        const schema: FieldSchema = {
          name,
          type,
          optional,
          ...(type === 'decimal' && { precision, scale }),
          ...(type === 'timestamp' && { ...(unit && { unit }), ...(local && { local }) }),
          ...(type === 'enum' && { symbols: SYMBOLS }),
        };
        const value = text === undefined ? {} : { default: cellValue(schema, text) };
        return {
          field: { ...schema, ...value },
          letters: type === 'string' || type === 'enum' ? letters : null,
        };
      });
    });

const NAMES = ['symbol', 'price', 'at', 'toString', 'quantity', 'a_1'];

export const randomTable: fc.Arbitrary<RandomTable> = fc
  .integer({ min: 1, max: NAMES.length })
  .chain((width) =>
    fc.tuple(...NAMES.slice(0, width).map(field)).chain((fields) =>
      fc.array(fc.tuple(...fields.map(cellArbitrary)), { minLength: 1, maxLength: 6 }).map((rows) => ({
        schema: { name: 'market.Trade', fields: fields.map((one) => one.field) },
        cases: fields.map(({ letters }) => letters),
        rows,
      })),
    ),
  );
