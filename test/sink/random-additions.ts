import fc from 'fast-check';
import { NAMES } from './random-tables.ts';

/** A transformation that adds fields, or looks at them, by its options. */
export type Addition =
  | { readonly type: 'constants'; readonly options: { readonly fields: Readonly<Record<string, string>> } }
  | { readonly type: 'source'; readonly options: { readonly fields: readonly string[] } }
  | {
      readonly type: 'lookup';
      readonly options: {
        readonly key: string;
        readonly fileKey: string;
        readonly fields: readonly string[];
        readonly onMissing: 'null' | 'reject';
      };
    }
  | { readonly type: 'sequence'; readonly options: Readonly<Record<string, unknown>> };

/** Texts as they come in random tables, and the empty cell. */
export const REFERENCE = `key,company_id,market cap
BHP,101,"7"" big"
x,102,
 x ,103,3
buy,,4
BUY,105,5
sell,106,6
SELL,107,7
12,108,8
0,109,9
41.25,110,10
true,111,é
2026-01-31,112,日本
-7,113,13
k,114,14
"none ""yet""",115,15
7,116,16
`;

const constants = fc
  .constantFrom(
    [['exchange', 'asx']],
    [
      ['exchange', 'asx'],
      ['é', ' "ü"\n'],
    ],
    [['__proto__', 'x']],
    [['7', 'seven']],
    [['half', '\ud800']],
    [['say "hi"', 'buy']],
    [['long', 'n'.repeat(4100)]],
  )
  .map((fields): Addition => ({ type: 'constants', options: { fields: Object.fromEntries(fields) } }));

const source = fc
  .shuffledSubarray(
    ['_source_file', '_source_name', '_source_line', '_source_row', '_source_offset', '_ingested_at'],
    {
      minLength: 1,
    },
  )
  .map((fields): Addition => ({ type: 'source', options: { fields } }));

/** Mostly of fields that the file has. */
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...NAMES.slice(0, 1)) },
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom('exchange', '_source_line', 'company_id') },
);

const lookup = fc
  .record({
    key: name,
    fileKey: fc.constant('key'),
    fields: fc.shuffledSubarray(['company_id', 'market cap'], { minLength: 1 }),
    onMissing: fc.constantFrom('null' as const, 'null' as const, 'reject' as const),
  })
  .filter(({ key, fields }) => !fields.includes(key))
  .map((options): Addition => ({ type: 'lookup', options }));

const answer = fc.constantFrom('report', 'report', 'reject');

const sequence = fc
  .record({
    field: name,
    key: fc.uniqueArray(name, { maxLength: 2 }),
    onGap: answer,
    onRepeat: answer,
    onOutOfOrder: answer,
    onReset: answer,
    resetTo: fc.constantFrom(1, 8),
    maxKeys: fc.constantFrom(2, 1000),
  })
  .map((options): Addition => ({ type: 'sequence', options }));

/** Some of them, one after another; the same may come again. */
export const additions = fc.array(fc.oneof(constants, source, lookup, sequence), { maxLength: 3 });
