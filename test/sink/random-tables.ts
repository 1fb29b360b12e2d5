import fc from 'fast-check';
import { CELL_TYPES, type CellType } from '../rows/cell-types.ts';

/** A field of a random table. */
export interface Field {
  readonly type: CellType;
  readonly optional: boolean;
  readonly fallback: string | null;
  readonly trim: boolean;
  readonly letters: 'lower' | 'upper' | null;
  /** Settings that only the type has. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where the rows go, by the options of `route`. */
export interface Way {
  readonly topic: string;
  readonly partition: string | null;
  readonly timestamp: string | null;
  readonly topicsAllowed: readonly string[];
  readonly key: readonly string[];
}

const FALLBACKS: Partial<Record<Field['type'], string>> = {
  string: 'none "yet"',
  long: '-7',
  double: '1.50',
};

/** Cells near the borders of every type, and anything else. */
const cell = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      'NULL',
      'BUY',
      'buy',
      'Sell',
      'sELL',
      '\u212a',
      'true',
      'TRUE',
      'false',
      ' x ',
      'é\u00a0',
      'a"b',
      'a\\b',
      'tab\t.',
      '\u0001',
      '\u2028',
      '日本',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '0',
      '-0',
      '-0.0',
      '007',
      '+1',
      '1.',
      '.5',
      '1e5',
      '1e999',
      '9007199254740993',
      '-12.50',
      '17.00',
      '0.000001',
      '0.0000001',
      '999999999',
      '2147483648',
      '-2147483648',
      '9223372036854775808',
      '123456789012345678',
      '0.1234567890123456',
      '12345678901234.5',
      '123456789012345.5',
      '12.3400',
      '00012.30',
      '123.4',
      '1,234.50',
      '12,34',
      '1.234,50',
      '-$5',
      '$ 1.00',
    ),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true }).map(String) },
  {
    weight: 2,
    arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value.toFixed(2)),
  },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '2026-01-31',
      '2026-02-29',
      '2024-02-29',
      '2026-01-31T09:30:00Z',
      '2026-01-31T09:30:00.123456Z',
      '2026-01-31 09:30:00',
      '2026-01-31T24:00:00Z',
      '2026-01-31T09:30:00.Z',
      '2026-01-31T09:30:00+10:30',
      '0000-01-01',
      '2026-13-01T00:00:00Z',
      '1969-12-31T23:59:59.9999Z',
      '1970-01-01T00:00:00.0009Z',
      '2400-02-29T23:59:59.999999999Z',
      '2026-10-04T02:30:00',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 5000, minLength: 3000 }) },
);

const NUMBER_SETTINGS = fc.constantFrom<Record<string, string>[]>(
  {},
  { thousands: ',', currency: '$ EUR' },
  { forms: 'plus,parentheses,trailing-minus,bare-point,exponent,percent,zero-fraction' },
  { 'null.values': '0,-', forms: 'zero-fraction' },
);
const FRACTION_SETTINGS = fc.oneof(NUMBER_SETTINGS, fc.constant({ thousands: '.', decimal: ',' }));

const DATE_FORMATS = fc.constantFrom<Record<string, string>[]>(
  {},
  { format: 'dd/MM/yyyy | iso' },
  { format: 'number' },
);
const TEXTS = fc.constantFrom<Record<string, string>[]>(
  {},
  {},
  { from: '{symbol}-{2:03}' },
  { from: '[{symbol}]{symbol}' },
);

const SETTINGS: Partial<Record<CellType, fc.Arbitrary<Readonly<Record<string, string>>>>> = {
  date: DATE_FORMATS,
  string: TEXTS,
  int: NUMBER_SETTINGS,
  long: NUMBER_SETTINGS,
  double: FRACTION_SETTINGS,
  boolean: fc.constantFrom<Record<string, string>[]>(
    {},
    { 'true.values': 'Y,1', 'false.values': 'N,0' },
    { 'true.values': 'true,Y' },
  ),
  decimal: fc.oneof(
    FRACTION_SETTINGS,
    fc.constantFrom<Record<string, string>[]>(
      { precision: '5', scale: '2' },
      { scale: '0' },
      { precision: '9' },
    ),
  ),
  timestamp: fc.constantFrom<Record<string, string>[]>(
    {},
    { zone: 'Australia/Sydney' },
    { format: 'rfc3339' },
    { format: 'epoch_s' },
    { format: 'dd/MM/yyyy HH:mm[:ss] | iso', zone: 'Europe/Berlin' },
    { format: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin', ambiguous: 'latest', nonexistent: 'forward' },
    { format: 'dd/MM/yyyy HH:mm' },
    { format: 'excel | epoch', zone: 'UTC' },
    { from: '{symbol} {2:02}', format: 'dd/MM/yyyy HH | iso', zone: 'UTC' },
    { from: '{symbol}[ {2}]', format: 'iso | dd/MM/yyyy HH:mm', zone: 'UTC' },
  ),
};

const field: fc.Arbitrary<Field> = fc
  .record({
    type: fc.constantFrom(...CELL_TYPES),
    optional: fc.boolean(),
    fallback: fc.constantFrom('yes', null),
    trim: fc.boolean(),
    letters: fc.constantFrom('lower', 'upper', null),
  })
  .chain(({ type, fallback, letters, ...rest }) =>
    (SETTINGS[type] ?? fc.constant({})).map((settings) => ({
      type,
      ...rest,
      fallback: fallback === null || 'decimal' in settings ? null : (FALLBACKS[type] ?? null),
      letters: type === 'string' || type === 'enum' ? letters : null,
      settings,
    })),
  );

const way: fc.Arbitrary<Way> = fc.record({
  topic: fc.constantFrom(
    'trades',
    '{dataset}',
    '{dataset|lower}.{exchange}',
    'trades.{header:file.name}',
    '{2}',
  ),
  partition: fc.constantFrom(null, null, '2', '3', '{partition}'),
  timestamp: fc.constantFrom(null, '__proto__', '2'),
  key: fc.constantFrom(['symbol'], ['symbol'], []),
  topicsAllowed: fc.constantFrom([], ['trad*', 'Trades']),
});

/** Cells that most fields of a type take, so that whole rows come through. */
const PLAUSIBLE: Readonly<Record<CellType, readonly string[]>> = {
  string: ['BHP', ' x ', '7', ''],
  int: ['12', '13', '-999999999', '1,234', '(7)', '7.0', '+5'],
  long: ['9007199254740993', '0', '7', '8', '9'],
  float: ['0.50', '1e-3'],
  double: ['41.250', '1,234.50', '-0.0', '-0,0', '1.234,50', '(1.5)', '12%', '1e25'],
  boolean: ['true', 'TRUE', 'Y', 'n', '0', 'false'],
  decimal: ['41.2500', '-0012.3', '0.0', '123', '1234.00', '1.234,00', '5.00-', '$1,234.5', '.5', '1E-3'],
  timestamp: [
    '2026-01-31T09:30:00.123456Z',
    '1969-12-31T23:59:59.9999Z',
    '1970-01-01T00:00:00.0009Z',
    '2026-01-31 09:30:00',
    '31/01/2026 09:30',
    '25/10/2026 02:30',
    '29/03/2026 02:30',
    '46024.5',
    '1768037400',
  ],
  date: ['2026-01-31', '2024-02-29', '31/01/2026', '20260131'],
  enum: ['buy', 'BUY', 'Sell', '\u212a'],
};

const cellOf = ({ type }: Field) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PLAUSIBLE[type]) }, { weight: 1, arbitrary: cell });

const fieldsOf = (maxLength: number) => fc.array(field, { minLength: 1, maxLength });

/** Rows, the fields they are read by, where they go, and how many bytes come at once. */
export const table = fc
  .oneof({ weight: 4, arbitrary: fieldsOf(4) }, { weight: 1, arbitrary: fieldsOf(6) })
  .chain((fields) =>
    fc.record({
      fields: fc.constant(fields),
      rows: fc.array(fc.tuple(...fields.map(cellOf)), { maxLength: 12 }),
      typed: fc.boolean(),
      way,
      cut: fc.integer({ min: 1, max: 200 }),
    }),
  );

/** Names that JavaScript objects or JSON treat apart. */
export const NAMES = ['symbol', '__proto__', '2', 'say "hi"'];
/** Fields beyond those of the file, which other transformations may add. */
const FIELD_NAMES = [...NAMES, '_source_line', 'company_id'];
export const TO_TRADES: Way = {
  topic: 'trades',
  partition: null,
  timestamp: null,
  key: ['symbol'],
  topicsAllowed: [],
};

/** The fields as options of `schema`. */
export function schemaOptions(fields: readonly Field[]): Record<string, string> {
  const options = fields.flatMap(({ type, optional, fallback, trim, letters, settings }, index) => {
    const name = FIELD_NAMES[index] as string;
    const entries = [
      [name, type],
      [`${name}.optional`, String(optional)],
      [`${name}.trim`, String(trim)],
    ];
    if (type === 'enum') entries.push([`${name}.symbols`, letters === 'upper' ? 'BUY,SELL' : 'buy,Sell,k']);
    if (fallback !== null) entries.push([`${name}.default`, fallback]);
    if (letters !== null) entries.push([`${name}.case`, letters]);
    for (const [setting, text] of Object.entries(settings)) entries.push([`${name}.${setting}`, text]);
    return entries;
  });
  // Gives the field __proto__ a property like any other.
  return Object.fromEntries(options);
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Half of the cells quoted, so that both ways through the parser are taken. */
export function csvOf(fields: readonly Field[], rows: readonly (readonly string[])[]): Buffer {
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => (index % 2 === 0 || /["\r\n,]/.test(text) || text === '' ? quoted(text) : text))
      .join(',');
  const names = NAMES.slice(0, fields.length);
  const lines = [names, ...rows.map((cells) => cells.slice(0, names.length))];
  return Buffer.from(lines.map((cells) => `${line(cells)}\n`).join(''));
}
