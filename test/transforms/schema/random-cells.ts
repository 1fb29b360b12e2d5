import fc from 'fast-check';
import type { CellType } from '../../rows/cell-types.ts';

import type { Fields } from './support.ts';

/** A field `x` and cells of it: in its plain form, nearly so, and wrong. */
export interface RandomField {
  readonly type: CellType;
  readonly fields: Fields;
  readonly nullValues: readonly string[];
  readonly cells: readonly string[];
}

const digits = (maxLength: number) =>
  fc.array(fc.constantFrom(...'0000123456789'), { maxLength, size: 'max' }).map((all) => all.join(''));

const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''));

const sign = fc.constantFrom('', '', '-', '+', '--');
const fraction = fc.oneof(
  fc.constantFrom('', '.', '.0', '.50', '.000001', '.0000001', '.1.2', 'e5'),
  joined(fc.constant('.'), digits(18), fc.constantFrom('', '00')),
);
const number = joined(sign, fc.oneof(digits(20), fc.constantFrom('0', '1', '12')), fraction);
const wholeNumber = joined(sign, digits(20));
const hugeNumber = joined(sign, fc.constant('1'), digits(600), fraction);

const twoDigits = (...numbers: readonly number[]) =>
  fc.constantFrom(...numbers.map((each) => String(each).padStart(2, '0')));

const date = joined(
  fc.oneof(
    fc.constantFrom('2026', '2024', '2000', '1900', '2100', '0400', '0001', '0000', '9999'),
    fc.nat(9999).map((year) => String(year).padStart(4, '0')),
  ),
  fc.constantFrom('-', '-', '-', '/'),
  twoDigits(1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 13, 19, 20),
  fc.constant('-'),
  twoDigits(1, 10, 28, 29, 30, 31, 0, 32, 39, 40),
);

const minute = joined(
  date,
  fc.constantFrom('T', 'T', 'T', ' ', 't'),
  twoDigits(0, 9, 19, 23, 24, 29, 30),
  fc.constant(':'),
  twoDigits(0, 30, 59, 60),
);
const timestamp = joined(
  // Some follow others of their minute.
  fc.oneof(minute, fc.constantFrom('2026-01-31T09:30', '2026-02-30T09:30', '2026-01-31T24:30')),
  fc.constant(':'),
  twoDigits(0, 30, 59, 60),
  fc.oneof(fc.constant(''), joined(fc.constant('.'), digits(11))),
  fc.constantFrom('Z', 'Z', 'Z', 'z', '', '+10:30'),
);

/** More than the 16 bytes that are compared at once. */
const LONG_WORD = 'immediate-or-cancel';
const word = fc.constantFrom(
  ...'true false TRUE truE buy BUY Sell sELL k K \u212a z Z é É @ ` [ {'.split(' '),
  ...[LONG_WORD, LONG_WORD.toUpperCase(), `${LONG_WORD}s`, LONG_WORD.replace('l', 'p')],
);

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ minLength: 3000, maxLength: 5000 }),
);

const CELLS: Readonly<Record<CellType, fc.Arbitrary<string>>> = {
  string: text,
  int: wholeNumber,
  long: wholeNumber,
  float: number,
  double: number,
  boolean: word,
  decimal: fc.oneof(number, hugeNumber),
  timestamp,
  date,
  enum: word,
};

/** Cells in their plain form, near its borders. */
const PLAIN: Readonly<Record<CellType, readonly string[]>> = {
  string: ['BHP'],
  int: ['-7', '123456789'],
  long: ['0', '123456789012345678'],
  float: ['0.5', '-12.25'],
  double: ['-0.000001', '12345678901234.5', '123456789012345', '17.500'],
  boolean: ['true', 'false'],
  decimal: ['-12.50', '123.00', '123456789'],
  timestamp: ['2026-01-31T09:30:00Z', '2024-02-29T23:59:59.123Z', '0001-01-01T00:00:00.123456789Z'],
  date: ['2026-12-31', '2000-02-29'],
  enum: ['buy', LONG_WORD],
};

/** With one character changed or added. */
const nearly = (cell: fc.Arbitrary<string>) =>
  fc.tuple(cell, fc.nat(30), fc.constantFrom(...'0/:9.-aZ \0é'), fc.nat(1)).map(([its, at, other, gone]) => {
    const place = at % (its.length + 1);
    return its.slice(0, place) + other + its.slice(place + gone);
  });

const space = fc.constantFrom('', ' ', '\t\r', '\v\f\n ', '\b', '\x0e', '\u00a0');
const padded = (cell: fc.Arbitrary<string>) => joined(space, cell, space);

const cellOf = (type: CellType) =>
  fc
    .oneof(
      { weight: 6, arbitrary: CELLS[type] },
      { weight: 4, arbitrary: nearly(fc.constantFrom(...PLAIN[type])) },
      { weight: 2, arbitrary: padded(fc.constantFrom(...PLAIN[type])) },
      { weight: 1, arbitrary: padded(CELLS[type]) },
      { weight: 1, arbitrary: fc.constantFrom('', 'NULL', ' NULL ', 'null', 'N/A') },
      { weight: 1, arbitrary: fc.oneof(...Object.values(CELLS)) },
    )
    .map((cell) => cell.toWellFormed());

const settings = (...each: readonly Fields[]) => fc.constantFrom(...each);

const SETTINGS: Partial<Record<CellType, fc.Arbitrary<Fields>>> = {
  string: settings({}, { case: 'lower' }, { case: 'upper' }),
  decimal: settings({}, { precision: '5', scale: '2' }, { scale: '0' }, { scale: '3' }, { precision: '9' }),
  enum: settings(
    { symbols: `buy,Sell,k,é,${LONG_WORD}` },
    { symbols: `buy,k,z,é,{,\`,${LONG_WORD}`, case: 'lower' },
    { symbols: `BUY,Sell,K,Z,É,@,[,${LONG_WORD.toUpperCase()}`, case: 'upper' },
  ),
};

export const randomField = (type: CellType): fc.Arbitrary<RandomField> =>
  fc.record({
    type: fc.constant(type),
    fields: fc
      .tuple(
        SETTINGS[type] ?? fc.constant({}),
        settings({}, { trim: 'true' }),
        settings({}, { optional: 'true' }),
      )
      .map((all) => Object.entries(Object.assign({}, ...all) as Fields))
      .map((all) => ({ x: type, ...Object.fromEntries(all.map(([name, value]) => [`x.${name}`, value])) })),
    nullValues: fc.constantFrom([], ['N/A', 'NULL']),
    cells: fc.array(cellOf(type), { minLength: 1, maxLength: 40 }),
  });
