import { casesOf, differing, REFUSED, type Row } from '../connect-case.ts';
import { BLANK, EVERY_TYPE, EVERY_VALUE } from './schemas.ts';

/*
 * What works on headers and the schema's name, and what looks at the whole record.
 */

const everything = { value: EVERY_VALUE, valueSchema: EVERY_TYPE };
const headers = ['a', 'b', 'a', 'c'].map((name, i) => ({ name, value: `v${i}` }));

export const dropHeadersCases = casesOf('DropHeaders', [
  [{ headers: 'a' }, { value: 1, headers }],
  [{ headers: 'a , c' }, { value: 1, headers }],
  [{ headers: 'missing' }, { value: 1, headers }],
  [{ headers: 'A' }, { value: 1, headers }],
  [{ headers: 'a' }, { value: null, headers: [{ name: 'a', value: null }] }],
  [{ headers: '' }, { value: 1, headers }],
  [{ headers: 'a,a' }, { value: 1, headers }],
  [{}, { value: 1, headers }],
]);

const LITERALS = [
  ...[
    'text',
    '5',
    '-5',
    '300',
    '70000',
    '3000000000',
    '9223372036854775808',
    '0.1',
    'true',
    'TRUE',
    'false',
    'NULL',
  ],
  ...[
    '[1,2]',
    '{"a":1,"b":"x"}',
    '[]',
    '2026-01-31',
    '2026-01-31T09:30:00.123Z',
    '09:30:00.123Z',
    '"quoted"',
  ],
  ...['a,b', 'é', '\\"', '[1', '{', '0x10', 'NaN', '1_000', '.5', '1d', '[null]', '[true,"x"]'],
];

/** Connect reads these as values, which its header converter writes anew. */
const REWRITTEN = [
  ...['1.0', '1.50', '1e3', '1.5e10', '+5', '007', '12.50', '5.', '-0', '-0.0', 'null', ' padded '],
  ...['[ 1 , 2 ]', '["a", 2]', '{"a": 1}'],
];

export const insertHeaderCases = casesOf('InsertHeader', [
  ...LITERALS.map((literal): Row => [{ header: 'h', 'value.literal': literal }, { value: 1 }]),
  ...REWRITTEN.map((value): Row => {
    const because = 'headers are text here, and a literal is written as it stands';
    return [
      { header: 'h', 'value.literal': value },
      { value: 1 },
      { because, ours: { headers: [{ name: 'h', value }] } },
    ];
  }),
  ...differing(
    BLANK,
    REFUSED,
    ['', ' '].map((literal): Row => [{ header: 'h', 'value.literal': literal }, { value: 1 }]),
  ),
  ...differing(BLANK, REFUSED, [[{ header: '', 'value.literal': 'x' }, { value: 1 }]]),
  [
    { header: 'a', 'value.literal': 'x' },
    { value: null, headers },
  ],
  [{ header: 'h' }, { value: 1 }],
  [{ 'value.literal': 'x' }, { value: 1 }],
]);

export const hasHeaderKeyCases = casesOf('HasHeaderKey', [
  ...['a', 'c', 'A', 'missing'].map((name): Row => [{ name }, { headers }]),
  [{ name: 'a' }, {}],
  [{ name: 'a' }, { headers: [{ name: 'a', value: null }] }],
  [{ name: '' }, { headers }],
  [{}, { headers }],
]);

export const recordIsTombstoneCases = casesOf('RecordIsTombstone', [
  [{}, { value: null }],
  [{}, { value: null, valueSchema: EVERY_TYPE }],
  [{}, { value: '' }],
  [{}, { value: {} }],
  [{}, { value: 0 }],
  [{}, everything],
]);

export const setSchemaMetadataCases = [
  ...casesOf('SetSchemaMetadata$Value', [
    [{ 'schema.name': 'market.Other' }, everything],
    [{ 'schema.version': '7' }, everything],
    [{ 'schema.name': 'market.Other', 'schema.version': '7' }, everything],
    [{ 'schema.version': '-1' }, everything],
    [{ 'schema.version': 'x' }, everything],
    [{ 'schema.version': '1.5' }, everything],
    [{ 'schema.version': '3000000000' }, everything],
    [{}, everything],
    [{ 'schema.name': 'market.Other' }, { value: { a: 1 } }],
    [{ 'schema.name': 'market.Other' }, { value: null }],
    [{ 'schema.name': 'market.Other' }, { value: null, valueSchema: EVERY_TYPE }],
    [{ 'schema.name': 'x', 'replace.null.with.default': 'false' }, everything],
  ]),
  ...casesOf(
    'SetSchemaMetadata$Value',
    differing('a schema needs a name', REFUSED, [[{ 'schema.name': '' }, everything]]),
  ),
  ...casesOf('SetSchemaMetadata$Key', [
    ...differing('keys have no schema here', REFUSED, [
      [{ 'schema.name': 'market.Other' }, { key: null, value: { a: 1 } }],
      [{ 'schema.name': 'market.Other' }, { key: 'k', value: { a: 1 } }],
      [{ 'schema.version': '7' }, { key: { a: 1 }, value: { a: 1 } }],
    ]),
    [{}, { key: 'k', value: { a: 1 } }],
  ]),
];

export const filterCases = casesOf('Filter', [
  [{}, { value: 1 }],
  [{}, { value: null }],
  [{}, everything],
]);
