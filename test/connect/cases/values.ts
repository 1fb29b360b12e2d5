import type { FieldType, FieldValue } from '../../../src/plugin/index.ts';
import { casesOf, differing, onBothSides, REFUSED, REJECTED, type Row } from '../connect-case.ts';
import { ABSENT, EVERY_TYPE, EVERY_VALUE, NAMELESS, replacing, schemaOf } from './schemas.ts';

/*
 * The transformations that write something into a record: masks, fields and headers.
 */

const everything = { value: EVERY_VALUE, valueSchema: EVERY_TYPE };
const mixed = {
  value: { a: 'secret', b: 7, c: 0.5, d: 5n, e: true, f: null, g: [1], h: { i: 1 }, j: Buffer.from('x') },
};

const REPLACEMENTS = [
  ...[
    '123',
    '-1',
    '12.5',
    '300',
    '3000000000',
    '1e3',
    'xxx',
    '+5',
    '.5',
    '5f',
    '0x10',
    'true',
    'NaN',
    '5.0',
    '-0.9',
  ],
  ...['9223372036854775808', '1,5'],
];

const NUMBERS: readonly (readonly [FieldType, FieldValue])[] = [
  ...[['int', 7] as const, ['long', 7n] as const, ['float', 0.5] as const, ['double', 0.5] as const],
  ['decimal', '12.75'],
];

export const maskFieldCases = [
  ...onBothSides('MaskField', [
    ...Object.keys(mixed.value).map((fields): Row => [{ fields }, mixed]),
    ...REPLACEMENTS.flatMap((replacement) =>
      ['a', 'b', 'c', 'd', 'e', 'f'].map((fields): Row => [{ fields, replacement }, mixed]),
    ),
    ...['g', 'h', 'j'].map((fields): Row => [{ fields, replacement: '1' }, mixed]),
    [{ fields: 'a,b' }, mixed],
    [{ fields: 'missing' }, mixed],
    [{ fields: 'missing', replacement: '1' }, mixed],
    [{ fields: 'a', replacement: '' }, mixed],
    [{ fields: '' }, mixed],
    [{ fields: 'a,a' }, mixed],
    [{}, mixed],
    [{ fields: 'a' }, { value: null }],
    [{ fields: 'a' }, { value: 'text' }],
  ]),
  ...casesOf('MaskField$Value', [
    ...Object.keys(EVERY_VALUE).map((fields): Row => [{ fields }, everything]),
    ...EVERY_TYPE.fields.flatMap(({ name, type }) =>
      REPLACEMENTS.map((replacement) => masked(replacement, type, EVERY_VALUE[name] as FieldValue)),
    ),
    ...NUMBERS.map(([type, value]) => masked(' 5', type, value)),
    ...NUMBERS.flatMap(([type, value]) =>
      differing('a number of more than 400 digits is rejected', REJECTED, [masked('1e999', type, value)]),
    ),
    ...NUMBERS.flatMap(([type, value]) =>
      differing('only the digits 0 to 9 make a number', REJECTED, [masked('٣', type, value)]),
    ),
    [
      { fields: 'a', replacement: ' 5' },
      { value: { a: 'secret' } },
      { because: 'blanks at the ends of an option are kept', ours: { value: { a: ' 5' } } },
    ],
    [{ fields: 'missing' }, everything],
    [{ fields: 'text' }, { value: null, valueSchema: EVERY_TYPE }],
    ...replacing({ fields: 'a' }, ABSENT),
    ...replacing({ fields: 'b' }, ABSENT),
  ]),
];

function masked(replacement: string, type: FieldType, a: FieldValue): Row {
  return [
    { fields: 'a', replacement },
    { value: { a }, valueSchema: schemaOf({ a: type }) },
  ];
}

const stamped = { value: { a: 1 }, partition: 3, timestamp: 1769851800123 };
const ALL = { 'topic.field': 't', 'partition.field': 'p', 'timestamp.field': 'ts' };
const TWICE = 'a field is inserted once';
const STATIC = { 'static.field': 's', 'static.value': 'v' };

function marked(mark: string): Row[0] {
  const entries = Object.entries({ ...ALL, 'static.field': 's' }).map(([key, name]) => [key, name + mark]);
  return { ...Object.fromEntries(entries), 'static.value': 'v' };
}

export const insertFieldCases = [
  ...onBothSides('InsertField', [
    [{ ...ALL, ...STATIC }, stamped],
    [{ ...ALL, ...STATIC }, { value: { a: 1 } }],
    [marked('!'), stamped],
    [marked('?'), stamped],
    [marked('!'), { value: { a: 1 } }],
    [{ ...STATIC, 'static.field': 's?!' }, stamped],
    ...differing(NAMELESS, REFUSED, [
      [{ ...STATIC, 'static.field': '!' }, stamped],
      [{ ...STATIC, 'static.field': '' }, stamped],
    ]),
    [{ 'static.field': 's' }, stamped],
    [{ 'static.value': 'v' }, stamped],
    [{ 'static.field': 's', 'static.value': '' }, stamped],
    [{ 'topic.field': 'a' }, stamped],
    ...differing(TWICE, REFUSED, [[{ 'topic.field': 'x', 'partition.field': 'x' }, stamped]]),
    [{ 'topic.field': 'x' }, { ...stamped, topic: null }],
    ...differing('what would reject every row is refused before the first', REFUSED, [
      [{ 'offset.field': 'o' }, stamped],
      [{ 'offset.field': 'o', 'topic.field': 't' }, stamped],
    ]),
    [{}, stamped],
    [STATIC, { value: null }],
    [STATIC, { value: 'text' }],
    [{ ...STATIC, 'static.field': '__proto__' }, { value: { a: 1 } }],
  ]),
  ...casesOf('InsertField$Value', [
    [
      { ...ALL, ...STATIC },
      { ...everything, partition: 3, timestamp: 1769851800123 },
    ],
    [{ ...ALL, ...STATIC }, everything],
    [marked('!'), { ...everything, partition: 3, timestamp: -1 }],
    [marked('?'), { ...everything, partition: 3, timestamp: 0 }],
    [{ 'partition.field': 'p!' }, everything],
    [{ 'timestamp.field': 'p!' }, everything],
    [{ 'topic.field': 't!' }, { ...everything, topic: null }],
    [{ 'topic.field': 't' }, { ...everything, topic: null }],
    [{ 'topic.field': 'text' }, everything],
    ...differing(TWICE, REFUSED, [[{ 'topic.field': 'x', 'partition.field': 'x' }, everything]]),
    [STATIC, { value: null, valueSchema: EVERY_TYPE }],
    ...replacing(STATIC, ABSENT),
  ]),
];

export const headerFromCases = [
  ...onBothSides('HeaderFrom', [
    ...['copy', 'move'].flatMap((operation): Row[] => [
      ...Object.keys(mixed.value).map((fields): Row => [{ fields, headers: 'h', operation }, mixed]),
      [
        { fields: 'a,b', headers: 'x,y', operation },
        { ...mixed, headers: [{ name: 'x', value: 'old' }] },
      ],
      [{ fields: 'a,a', headers: 'x,y', operation }, mixed],
      [{ fields: 'a,b', headers: 'x,x', operation }, mixed],
      [{ fields: 'missing', headers: 'x', operation }, mixed],
      [{ fields: 'a', headers: 'x,y', operation }, mixed],
      [{ fields: '', headers: '', operation }, mixed],
      [{ fields: 'a', headers: 'x', operation }, { value: null }],
      [{ fields: 'a', headers: 'x', operation }, { value: 'text' }],
    ]),
    ...['with "quotes"', 'a,b', ' padded ', '', 'é', '{"a":1}', 'null', 'true'].map(
      (a): Row => [{ fields: 'a', headers: 'x', operation: 'copy' }, { value: { a } }],
    ),
    ...[
      1e10,
      1e300,
      0.1,
      1e-7,
      -0.5,
      12345678.9,
      9007199254740993n,
      [1, 'a', null, 0.5, true],
      [[1], {}],
    ].map((a): Row => [{ fields: 'a', headers: 'x', operation: 'copy' }, { value: { a } }]),
    ...[{ b: 'x "q"', c: null, d: 1n }, {}, ['a "q" \\']].map(
      (a): Row => [{ fields: 'a', headers: 'x', operation: 'copy' }, { value: { a } }],
    ),
    [{ fields: 'a', headers: 'x', operation: 'MOVE' }, mixed],
    [{ fields: 'a', headers: 'x', operation: 'take' }, mixed],
    [{ fields: 'a', headers: 'x' }, mixed],
    [{ fields: 'a', operation: 'copy' }, mixed],
    [{ headers: 'a', operation: 'copy' }, mixed],
  ]),
  ...casesOf('HeaderFrom$Value', [
    ...Object.keys(EVERY_VALUE).flatMap((fields): Row[] => [
      [{ fields, headers: 'x', operation: 'copy' }, everything],
      [{ fields, headers: 'x', operation: 'move' }, everything],
    ]),
    ...typedTexts('double', [0, 100, 1e7, 1e-4, 0.1, 1e300, -2.5]),
    ...typedTexts('float', [0, 100, 16777216, 0.25, 1e10]),
    ...typedTexts('decimal', ['12.75', '300.00', '-0.50', '99999999999999999999.99']),
    ...typedTexts('timestamp', ['2026-01-31T09:30:00.123Z']),
    ...typedTexts('date', ['2026-01-31']),
    ...timeTexts('timestamp', [
      '1970-01-01T00:00:00Z',
      '2026-01-31T09:30:00.123456Z',
      '1965-12-30T23:59:59.000Z',
    ]),
    ...timeTexts('date', ['1970-01-01']),
    [{ fields: 'missing', headers: 'x', operation: 'copy' }, everything],
    [
      { fields: 'text', headers: 'x', operation: 'copy' },
      { value: null, valueSchema: EVERY_TYPE },
    ],
    ...replacing({ fields: 'a', headers: 'x', operation: 'copy' }, ABSENT),
    ...replacing({ fields: 'a', headers: 'x', operation: 'move' }, ABSENT),
  ]),
];

/** Connect's own text depends on the worker's time zone, and leaves out days before the second of 1970. */
function timeTexts(type: FieldType, values: readonly string[]): Row[] {
  const because = 'times and dates keep their text';
  return typedTexts(type, values).map(([config, record], i) => [
    config,
    record,
    { because, ours: { headers: [{ name: 'x', value: values[i] as string }] } },
  ]);
}

function typedTexts(type: FieldType, values: readonly (string | number)[]): Row[] {
  return values.map((a) => [
    { fields: 'a', headers: 'x', operation: 'copy' },
    { value: { a }, valueSchema: schemaOf({ a: type }) },
  ]);
}
