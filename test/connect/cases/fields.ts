import { casesOf, differing, onBothSides, REFUSED, type Row } from '../connect-case.ts';
import { ABSENT, BLANK, EVERY_TYPE, EVERY_VALUE, replacing, schemaOf } from './schemas.ts';

/*
 * The transformations that take, give, rename and wrap fields.
 */

const everything = { value: EVERY_VALUE, valueSchema: EVERY_TYPE };
const nested = {
  value: { a: { b: { c: 1, 'd.e': 'x' }, f: null }, 'a.b': 'flat', g: [1, { h: 2 }], i: 'text', '': 'empty' },
};

const paths = [
  ...['a', 'a.b', 'a.b.c', 'a.x.c', 'a.f', 'a.f.x', 'i.x', 'g.h', 'x', 'x.y', '.', 'a.', '.a', 'a..b'],
  ...['`a.b`', '`a`.b.`d.e`', 'a.b.`d.e`', '`a', '`a`b`', '`a\\`.b`', 'a`.b', '`a`.', '``', 'a.``', '`a`x.b'],
];

export const extractFieldCases = [
  ...onBothSides('ExtractField', [
    ...paths.flatMap((field): Row[] => [
      [{ field }, nested],
      [{ field, 'field.syntax.version': 'V2' }, nested],
    ]),
    [{ field: 'a.b', 'field.syntax.version': 'v2' }, nested],
    [{ field: 'a.b', 'field.syntax.version': 'V3' }, nested],
    [{ field: 'a\\`.b', 'field.syntax.version': 'V2' }, { value: { 'a\\`': { b: 1 } } }],
    [{ field: '`a\\`.b`', 'field.syntax.version': 'V2' }, { value: { 'a`.b': 1 } }],
    [{ field: 'a' }, { value: null }],
    [{ field: 'a' }, { value: 'text' }],
    [{ field: 'a' }, { value: [1] }],
    ...differing(BLANK, REFUSED, [[{ field: '' }, nested]]),
    [{}, nested],
    [{ field: '__proto__' }, { value: { a: 1 } }],
    [{ field: 'constructor' }, { value: { a: 1 } }],
  ]),
  ...casesOf('ExtractField$Value', [
    ...Object.keys(EVERY_VALUE).map((field): Row => [{ field }, everything]),
    [{ field: 'missing' }, everything],
    [{ field: 'missing' }, { value: null, valueSchema: EVERY_TYPE }],
    [{ field: 'text' }, { value: null, valueSchema: EVERY_TYPE }],
    [{ field: 'text', 'field.syntax.version': 'V2' }, everything],
    [{ field: 'text.x', 'field.syntax.version': 'V2' }, everything],
    [{ field: 'x.text', 'field.syntax.version': 'V2' }, everything],
    ...replacing({ field: 'a' }, ABSENT),
  ]),
];

export const flattenCases = [
  ...onBothSides('Flatten', [
    [{}, nested],
    [{ delimiter: '_' }, nested],
    [{ delimiter: '' }, nested],
    [
      { delimiter: ' ' },
      { value: { a: { b: 1 } } },
      { because: 'blanks at the ends of an option are kept', ours: { value: { 'a b': 1 } } },
    ],
    [{}, { value: { a: 1, b: 'x', c: null, d: true, e: 5n, f: 0.5 } }],
    [{}, { value: { a: {} } }],
    [{}, { value: { 'a.b': 1, a: { b: 2 } } }],
    [{}, { value: { a: { b: [{ c: 1 }] } } }],
    [{}, { value: { a: Buffer.from('x') } }],
    [{}, { value: {} }],
    [{}, { value: null }],
    [{}, { value: 'text' }],
    [{}, { value: 5 }],
  ]),
  ...casesOf('Flatten$Value', [
    [{}, everything],
    [{ delimiter: '_' }, everything],
    [{}, { value: null, valueSchema: EVERY_TYPE }],
    [{}, ABSENT],
  ]),
];

export const hoistFieldCases = [
  ...onBothSides('HoistField', [
    [{ field: 'line' }, { value: 'text' }],
    [{ field: 'line' }, { value: 5n }],
    [{ field: 'line' }, { value: null }],
    [{ field: 'line' }, { value: { a: 1 } }],
    ...differing(BLANK, REFUSED, [[{ field: '' }, { value: 'text' }]]),
    [{ field: '__proto__' }, { value: 'text' }],
    [{}, { value: 'text' }],
  ]),
  ...casesOf('HoistField$Value', [
    [{ field: 'line' }, everything],
    [
      { field: 'line' },
      { value: null, valueSchema: EVERY_TYPE },
      {
        because: 'a schema here does not say that the row itself must be there',
        ours: { value: { line: null }, valueSchema: null },
      },
    ],
  ]),
];

const flat = { value: { a: 1, b: 'x', c: null, d: true } };

export const replaceFieldCases = [
  ...onBothSides('ReplaceField', [
    [{}, flat],
    [{ exclude: 'a' }, flat],
    [{ exclude: 'a, b ,missing' }, flat],
    [{ include: 'a' }, flat],
    [{ include: 'a,missing' }, flat],
    [{ include: 'missing' }, flat],
    [{ include: 'a,b', exclude: 'b' }, flat],
    [{ exclude: 'a,b,c,d' }, flat],
    [{ renames: 'a:z' }, flat],
    [{ renames: 'a:b' }, flat],
    [{ renames: 'a:b,b:a' }, flat],
    [{ renames: 'a:z,b:z' }, flat],
    [{ renames: 'missing:z' }, flat],
    [{ renames: 'a:z', include: 'a' }, flat],
    [{ renames: 'a:z', include: 'z' }, flat],
    [{ renames: 'a:z', exclude: 'a' }, flat],
    [{ renames: 'a' }, flat],
    [{ renames: 'a:' }, flat],
    ...differing('a name that does nothing is a slip', REFUSED, [
      [{ renames: 'a:z,a:y' }, flat],
      [{ renames: ':a' }, flat],
    ]),
    [{ renames: 'a:b:c' }, flat],
    [{ renames: 'a: z' }, flat],
    [{ renames: 'a :z' }, flat],
    [{ exclude: 'a,a' }, flat],
    [{ include: 'a,a' }, flat],
    [{ exclude: ',' }, flat],
    [{ exclude: '' }, flat],
    [{ exclude: 'a' }, { value: null }],
    [{ exclude: 'a' }, { value: 'text' }],
  ]),
  ...casesOf('ReplaceField$Value', [
    [{}, everything],
    [{ exclude: 'text,missing,exact' }, everything],
    [{ include: 'side,at' }, everything],
    [{ include: 'missing' }, everything],
    [{ renames: 'text:symbol,at:time' }, everything],
    [{ renames: 'text:side' }, everything],
    [{ renames: 'text:side,side:text' }, everything],
    [{ exclude: 'text' }, { value: null, valueSchema: EVERY_TYPE }],
    ...replacing({ renames: 'a:b' }, ABSENT),
  ]),
];

export const valueToKeyCases = casesOf('ValueToKey', [
  [{ fields: 'a' }, { ...flat, key: 'old' }],
  [{ fields: 'a,b' }, flat],
  [{ fields: 'c,missing' }, flat],
  [{ fields: 'a,a' }, flat],
  [{ fields: '' }, flat],
  [{ fields: ',' }, flat],
  [{}, flat],
  [{ fields: 'a' }, { value: null }],
  [{ fields: 'a' }, { value: 'text' }],
  [{ fields: '__proto__' }, flat],
  ...Object.keys(EVERY_VALUE).map((fields): Row => [{ fields }, everything]),
  [{ fields: 'volume,text,at' }, everything],
  [{ fields: 'text,missing' }, everything],
  [{ fields: 'text' }, { value: null, valueSchema: EVERY_TYPE }],
  ...replacing({ fields: 'a' }, ABSENT),
  ...replacing({ fields: 'a' }, { value: { a: null }, valueSchema: schemaOf({ a: 'string?' }) }),
]);
