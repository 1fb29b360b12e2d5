import type { FieldType, FieldValue } from '../../../src/plugin/index.ts';
import { casesOf, differing, onBothSides, REFUSED, REJECTED, type Row } from '../connect-case.ts';
import { defaultedSchema, EVERY_TYPE, EVERY_VALUE, schemaOf } from './schemas.ts';

const everything = { value: EVERY_VALUE, valueSchema: EVERY_TYPE };
const TARGETS = ['string', 'unix', 'Date', 'Time', 'Timestamp'];
const PRECISIONS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];
const FULL = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";

/** Everything that can be made of a value, whole and in a field. */
function toAll(value: unknown, extra: Row[0]): Row[] {
  return TARGETS.flatMap((target): Row[] => [
    [{ 'target.type': target, ...extra }, { value }],
    [{ 'target.type': target, field: 'a', ...extra }, { value: { a: value, b: 'x' } }],
  ]);
}

function typed(type: FieldType, values: readonly FieldValue[], extra: Row[0]): Row[] {
  const valueSchema = schemaOf({ a: `${type}?`, b: 'string' });
  return values.flatMap((a) =>
    TARGETS.map(
      (target): Row => [
        { 'target.type': target, field: 'a', ...extra },
        { value: { a, b: 'x' }, valueSchema },
      ],
    ),
  );
}

const LONGS = [0n, 1769851800n, -1n, -1500n];
/** Of the years 1 to 9999 at some precisions only. */
const LARGE: readonly (readonly [bigint, allowed: readonly string[]])[] = [
  [1769851800123n, ['milliseconds', 'microseconds', 'nanoseconds']],
  [1769851800123456789n, ['nanoseconds']],
];

const FORMATTED: readonly (readonly [format: string, texts: readonly string[]])[] = [
  ['yyyy-MM-dd', ['2026-01-31', '2026-1-5', ' 2026-01-31', '2026', '']],
  ['yyyyMMdd', ['20260131', '202613', '0']],
  ['yyyyMMddHHmmssSSS', ['20260131093000123', '20260131093000']],
  ['dd/MM/yyyy HH:mm:ss', ['31/01/2026 09:30:00', '31/01/2026 9:3:0', '31/01/2026  9:3:0']],
  [FULL, ['2026-01-31T09:30:00.123Z', '2026-01-31T09:30:00.123+11:00', '2026-01-31T09:30:00.1Z']],
  [FULL, ['2026-01-31T09:30:00.123-05:30', '2026-01-31T09:30:00.123+1100']],
  [
    "yyyy-MM-dd'T'HH:mm:ssZ",
    ['2026-01-31T09:30:00+1100', '2026-01-31T09:30:00-0000', '2026-01-31T09:30:00Z'],
  ],
  ["yyyy-MM-dd'T'HH:mm:ssX", ['2026-01-31T09:30:00+11', '2026-01-31T09:30:00Z']],
  ["yyyy-MM-dd'T'HH:mm:ssXX", ['2026-01-31T09:30:00+1100', '2026-01-31T09:30:00Z']],
  ['HH:mm:ss.SSS', ['09:30:00.123', '09:30:00.1']],
  ["yyyy 'at' HH 'o''clock'", ["2026 at 09 o'clock", '2026 at 09']],
  ['yyyy-MM-dd HH:mm:ss z', ['2026-01-31 09:30:00 UTC', '2026-01-31 09:30:00 GMT+11:00']],
  ['dd MMM yyyy', ['31 Jan 2026', '31 jan 2026', '31 January 2026', '31 01 2026']],
  ['dd MMMM yyyy', ['31 January 2026', '31 Jan 2026']],
  ['EEE, dd MMM yyyy', ['Sat, 31 Jan 2026', 'Mon, 31 Jan 2026']],
  ['hh:mm a', ['09:30 AM', '09:30 PM', '12:00 AM', '12:00 PM', '9:30 pm']],
  ['yy-MM-dd', ['26-01-31', '70-01-31', '2026-01-31']],
  ['y-M-d', ['2026-1-31', '2026-01-31']],
  ['S', ['5', '999']],
  ['MM', ['12', '1']],
  ['yyyy-MM', ['2026-02', '2026-2']],
];

/** Java takes these for another time than they say, or leaves part of them unread. */
const MISREAD: readonly (readonly [format: string, texts: readonly string[]])[] = [
  ['yyyy-MM-dd', ['2026-02-30', '2026-01-31T09:30']],
  ['yyyyMMdd', ['2026131', '202601311', '2026-01-31']],
  ['dd/MM/yyyy HH:mm:ss', ['31/01/2026 24:00:00']],
  [FULL, ['2026-01-31T09:30:00.123456Z']],
  ["yyyy-MM-dd'T'HH:mm:ssX", ['2026-01-31T09:30:00+1130']],
  ['HH:mm:ss.SSS', ['25:00:00.000']],
  ['S', ['1500']],
  ['MM', ['13', '00']],
];

const BAD_FORMATS = ['q', "'open", 'yyyyQ', 'XXXX', '', ' ', 'yyyy-MM-dd foo'];

function parsed(format: string, texts: readonly string[]): Row[] {
  return texts.flatMap((value): Row[] => [
    [{ 'target.type': 'Timestamp', format }, { value }],
    [{ 'target.type': 'unix', format, field: 'a' }, { value: { a: value } }],
    [
      { 'target.type': 'Timestamp', format, field: 'a' },
      { value: { a: value }, valueSchema: schemaOf({ a: 'string' }) },
    ],
  ]);
}

function written(format: string): Row[] {
  return [0n, 1769851800123n, -1n, 1782864000000n].flatMap((value): Row[] => [
    [{ 'target.type': 'string', format }, { value }],
  ]);
}

const differences = [
  ...differing(
    'a timestamp here is of the years 1 to 9999',
    REJECTED,
    LARGE.flatMap(([value, allowed]) =>
      PRECISIONS.filter((precision) => !allowed.includes(precision)).flatMap((precision) =>
        toAll(value, { 'unix.precision': precision, format: FULL }),
      ),
    ),
  ),
  ...differing(
    'a row is rejected rather than given another time than it says',
    REJECTED,
    MISREAD.flatMap(([format, texts]) => parsed(format, texts)),
  ),
  ...differing(
    'zones by name are not read, but UTC and GMT',
    REJECTED,
    parsed('yyyy-MM-dd HH:mm:ss z', ['2026-01-31 09:30:00 PST']),
  ),
  ...differing('a format that text is read by must say the day by its number', REFUSED, [
    ...parsed('EEEE', ['Saturday']),
    ...parsed('D', ['31']),
  ]),
  ...isoTexts({}, '2026-01-31T09:30:00.123Z'),
  ...isoTexts({ format: '' }, '2026-01-31T09:30:00.123Z'),
  ...isoTexts({ format: ' ' }, '2026-01-31T09:30:00.123Z'),
  ...wholeNumbers(),
  ...ancient(),
];

/** Of the value alone, and of a field. */
function inBoth(
  extra: Row[0],
  value: unknown,
  results: Readonly<Record<string, unknown>>,
  because: string,
): Row[] {
  return Object.entries(results).flatMap(([target, result]): Row[] => [
    [{ 'target.type': target, ...extra }, { value }, { because, ours: { value: result } }],
    [
      { 'target.type': target, field: 'a', ...extra },
      { value: { a: value } },
      { because, ours: { value: { a: result } } },
    ],
  ]);
}

function isoTexts(extra: Row[0], value: string): Row[] {
  const results = { unix: 1769851800123n, Date: '2026-01-31', Time: '09:30:00.123', Timestamp: value };
  return inBoth(extra, value, results, 'without a schema a timestamp is text here, where Connect has a Date');
}

function wholeNumbers(): Row[] {
  const results = {
    ...{ string: '1970-01-01T00:00:00.005Z', unix: 5n, Date: '1970-01-01', Time: '00:00:00.005' },
    Timestamp: '1970-01-01T00:00:00.005Z',
  };
  return inBoth({ format: FULL }, 5, results, 'without a schema a whole number may be a long here');
}

function ancient(): Row[] {
  const because = 'dates before October 1582 are of the Gregorian calendar, as in ISO 8601';
  return [
    ...inBoth({ format: 'yyyyMMdd' }, '00010101', { Timestamp: '0001-01-01T00:00:00.000Z' }, because),
    ...inBoth({ format: 'yyyy-MM-dd' }, '26-01-31', { Timestamp: '0026-01-31T00:00:00.000Z' }, because),
  ];
}

export const timestampConverterCases = [
  ...onBothSides('TimestampConverter', differences),
  ...onBothSides('TimestampConverter', [
    ...LONGS.flatMap((value) =>
      PRECISIONS.flatMap((precision) => toAll(value, { 'unix.precision': precision, format: FULL })),
    ),
    ...LARGE.flatMap(([value, allowed]) =>
      allowed.flatMap((precision) => toAll(value, { 'unix.precision': precision, format: FULL })),
    ),
    ...toAll(1769851800123n, {}),
    ...toAll('2026-01-31T09:30:00.123Z', { format: FULL }),
    ...[null, 0.5, true, [1], {}].flatMap((value) => toAll(value, { format: FULL })),
    ...FORMATTED.flatMap(([format, texts]) => [...parsed(format, texts), ...written(format)]),
    ...BAD_FORMATS.flatMap((format): Row[] => [
      [{ 'target.type': 'string', format }, { value: 0n }],
      [{ 'target.type': 'unix', format }, { value: 0n }],
    ]),
    [{ 'target.type': 'unix', field: 'missing' }, { value: { a: 1n } }],
    [{ 'target.type': 'unix', field: 'a' }, { value: null }],
    [{ 'target.type': 'unix', field: 'a' }, { value: 'text' }],
    [{ 'target.type': 'unix', field: '' }, { value: 5n }],
    [{ 'target.type': 'unix', field: '__proto__' }, { value: { a: 1n } }],
    [{ 'target.type': 'UNIX' }, { value: 5n }],
    [{ 'target.type': 'timestamp' }, { value: 5n }],
    [{ 'target.type': 'unix', 'unix.precision': 'minutes' }, { value: 5n }],
    [{}, { value: 5n }],
  ]),
  ...casesOf('TimestampConverter$Value', [
    ...typed('timestamp', ['2026-01-31T09:30:00.123Z', '1969-12-31T23:59:59.999Z', null], { format: FULL }),
    ...PRECISIONS.flatMap((precision) =>
      typed('timestamp', ['2026-01-31T09:30:00.123456Z', '1969-12-31T23:59:58.500Z'], {
        format: FULL,
        'unix.precision': precision,
      }),
    ),
    ...typed('date', ['2026-01-31', '1969-12-31', null], { format: FULL }),
    ...typed('long', [0n, 1769851800123n, -1n, null], { format: FULL }),
    ...typed('string', ['2026-01-31T09:30:00.123Z', 'x', null], { format: FULL }),
    ...typed('int', [5], { format: FULL }),
    ...typed('double', [5], { format: FULL }),
    ...typed('decimal', ['5.00'], { format: FULL }),
    ...typed('boolean', [true], { format: FULL }),
    ...typed('enum', ['2026-01-31T09:30:00.123Z'], { format: FULL }),
    [{ 'target.type': 'unix', field: 'missing' }, everything],
    [{ 'target.type': 'unix' }, everything],
    [
      { 'target.type': 'unix', field: 'at' },
      { value: null, valueSchema: EVERY_TYPE },
    ],
    ...['true', 'false'].flatMap((replace): Row[] => [
      [
        { 'target.type': 'unix', field: 'a', 'replace.null.with.default': replace },
        {
          value: { a: null },
          valueSchema: defaultedSchema('a', 'timestamp', '2026-01-31T09:30:00.000Z'),
        },
      ],
      [
        { 'target.type': 'unix', field: 'b', 'replace.null.with.default': replace },
        { value: { a: null }, valueSchema: defaultedSchema('a', 'string', 'none') },
      ],
    ]),
    [
      { 'target.type': 'unix', field: 'a' },
      {
        value: { a: '2026-01-31T09:30:00.000Z' },
        valueSchema: defaultedSchema('a', 'timestamp', '1970-01-01T00:00:00.000Z'),
      },
    ],
  ]),
];
