import type { FieldType, FieldValue } from '../../../src/plugin/index.ts';
import { casesOf, differing, onBothSides, REFUSED, REJECTED, type Row } from '../connect-case.ts';
import { defaultedSchema, EVERY_TYPE, EVERY_VALUE, NAMELESS, schemaOf } from './schemas.ts';

const TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'];

const NOT_STRING = TYPES.filter((type) => type !== 'string');

const TEXTS = [
  '5',
  '+7',
  '-128',
  '128',
  '40000',
  '2147483648',
  '9223372036854775808',
  '12.5',
  '1e3',
  '-0',
  '',
];
const MORE_TEXTS = [' 5', '5 ', '5f', '.5d', '0x10', '1_000', 'abc', 'true', 'TRUE', 'yes'];
const NUMBERS = [0, 1, -1, 127, 128, 255, 300, -129, 32768, 65535, 2147483647, -2147483648];
const FLOATS = [0.5, -0.5, 2.9, -2.9, 12345.678, 1e10, -1e10, 0.1, 1e-7, 1.5e21, 123456789.125];
const LONGS = [0n, 5n, 200n, -200n, 4294967297n, 9007199254740993n, 9223372036854775807n];
const OTHERS = [true, false, null, [1, 2], { b: 1 }, Buffer.from('ab')];

function matrix(values: readonly unknown[], types: readonly string[] = TYPES): Row[] {
  return values.flatMap((value) =>
    types.map((type): Row => [{ spec: `a:${type}` }, { value: { a: value, b: 'x' } }]),
  );
}

/** Each field of a type, cast to all others. */
function typedMatrix(type: FieldType, values: readonly FieldValue[], to: readonly string[] = TYPES): Row[] {
  const valueSchema = schemaOf({ a: `${type}?`, b: 'string' });
  return values.flatMap((a) =>
    to.map((target): Row => [{ spec: `a:${target}` }, { value: { a, b: 'x' }, valueSchema }]),
  );
}

const everything = { value: EVERY_VALUE, valueSchema: EVERY_TYPE };

/** What Connect makes of these is no number of JSON, or takes digits for some that are not. */
const REFUSED_NUMBERS: Row[] = [
  ...differing('only the digits 0 to 9 make a number', REJECTED, [
    ...matrix(['１２'], ['int8', 'int16', 'int32', 'int64']),
    ...typedMatrix('string', ['１２'], ['int8', 'int16', 'int32', 'int64']),
  ]),
  ...differing('a number that JSON has no word for is rejected', REJECTED, [
    ...matrix(['NaN'], ['float32', 'float64']),
    ...matrix([1e300], ['float32']),
    ...typedMatrix('string', ['NaN'], ['float32', 'float64']),
    ...typedMatrix('double', [1e300], ['float32']),
  ]),
];

/** Connect's own text depends on the worker's time zone, and leaves out days before the second of 1970. */
function timeTexts(type: 'timestamp' | 'date', values: readonly string[]): Row[] {
  const because = 'times and dates keep their text';
  return values.map((a) => [
    { spec: 'a:string' },
    { value: { a }, valueSchema: schemaOf({ a: type }) },
    { because, ours: { value: { a }, valueSchema: schemaOf({ a: 'string' }) } },
  ]);
}

export const castCases = [
  ...onBothSides('Cast', REFUSED_NUMBERS),
  ...casesOf('Cast$Value', [
    ...timeTexts('timestamp', ['1970-01-01T00:00:01.500Z', '2026-01-31T09:30:00.123456Z']),
    ...timeTexts('date', ['1970-01-01', '1969-12-31']),
  ]),
  ...onBothSides('Cast', matrix([...TEXTS, ...MORE_TEXTS, ...NUMBERS, ...FLOATS, ...LONGS, ...OTHERS])),
  ...onBothSides('Cast', [
    ...TYPES.flatMap((spec): Row[] => [
      [{ spec }, { value: '5' }],
      [{ spec }, { value: 300n }],
      [{ spec }, { value: null }],
      [{ spec }, { value: { a: 1 } }],
    ]),
    [{ spec: 'a:int32,c:string' }, { value: { a: '1' } }],
    [{ spec: ' a : INT32 , b:String ' }, { value: { a: '1', b: 2 } }],
    [{ spec: 'a:int8' }, { value: null }],
    [{ spec: 'a:int8' }, { value: 'x' }],
    [{ spec: 'a:int8,a:string' }, { value: { a: '5' } }],
    [{ spec: 'a:int8,int8' }, { value: { a: '5' } }],
    [{ spec: 'a:bytes' }, { value: { a: '5' } }],
    [{ spec: 'a:array' }, { value: { a: '5' } }],
    [{ spec: 'a:b:int8' }, { value: { a: '5' } }],
    ...differing(NAMELESS, REFUSED, [[{ spec: ':int8' }, { value: { a: '5' } }]]),
    [{ spec: 'a:' }, { value: { a: '5' } }],
    [{ spec: 'a' }, { value: { a: '5' } }],
    [{ spec: '' }, { value: { a: '5' } }],
    [{}, { value: { a: '5' } }],
  ]),
  ...casesOf('Cast$Value', [
    ...typedMatrix('string', [...TEXTS, ...MORE_TEXTS]),
    ...typedMatrix('enum', ['5', 'buy']),
    ...typedMatrix('int', [0, 5, 300, -40000, 2147483647, null]),
    ...typedMatrix('long', [0n, 5n, 4294967297n, 9007199254740993n, null]),
    ...typedMatrix('float', [0, 0.5, -2.5, 16777216, 0.1, 1e10]),
    ...typedMatrix('double', [0, 0.5, -2.9, 1e10, 0.1, 100, 1e7, 1e-3, 1e-4, 12345678.9]),
    ...typedMatrix('boolean', [true, false]),
    ...typedMatrix('decimal', ['12.75', '-0.50', '300.00', '99999999999999999999.99', '0.00', null]),
    ...typedMatrix('timestamp', ['2026-01-31T09:30:00.123Z', null]),
    ...typedMatrix('date', ['1970-01-03', '2026-01-31', null]),
    ...typedMatrix('timestamp', ['1969-12-31T23:59:59.999Z', '2026-01-31T09:30:00.123456Z'], NOT_STRING),
    ...typedMatrix('date', ['1970-01-01', '1969-12-31'], NOT_STRING),
    [{ spec: 'text:string,count:int64,price:string' }, everything],
    [{ spec: 'missing:int8' }, everything],
    [{ spec: 'int8' }, everything],
    [{ spec: 'count:int8' }, { value: null, valueSchema: EVERY_TYPE }],
    ...['true', 'false'].flatMap((replace): Row[] => [
      [
        { spec: 'a:int32', 'replace.null.with.default': replace },
        { value: { a: null }, valueSchema: defaultedSchema('a', 'string', '6') },
      ],
      [
        { spec: 'b:int32', 'replace.null.with.default': replace },
        { value: { a: null }, valueSchema: defaultedSchema('a', 'string', '6') },
      ],
    ]),
    [{ spec: 'a:int8' }, { value: { a: 5n }, valueSchema: defaultedSchema('a', 'long', 300n) }],
    [{ spec: 'a:int8' }, { value: { a: '5' }, valueSchema: defaultedSchema('a', 'string', 'none') }],
  ]),
];
