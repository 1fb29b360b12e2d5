import { expect, it } from 'vitest';
import { compileFilePattern, type FilePattern } from '../../../transforms/route/file-pattern.ts';

function match(pattern: string, path: string): object | null {
  const found = (compileFilePattern(pattern) as FilePattern).match(path);
  return found === null ? null : Object.fromEntries(found);
}

it.each<[string, string, object]>([
  [
    '{exchange}_{data_type}_{date}.csv',
    'asx_trades_2026-01-10.csv',
    { exchange: 'asx', data_type: 'trades', date: '2026-01-10' },
  ],
  ['{exchange}_{rest}.csv', 'a/b/asx_trades_2026.csv', { exchange: 'asx', rest: 'trades_2026' }],
  ['{exchange}_*.csv*', 'asx_.csv.gz', { exchange: 'asx' }],
  ['*_{date}.csv', 'asx_trades_2026.csv', { date: 'trades_2026' }],
  ['{exchange}/{data_type}/*.csv', 'asx/trades/1.csv', { exchange: 'asx', data_type: 'trades' }],
  ['{exchange}/*.csv', '/drop/2026/asx/1.csv', { exchange: 'asx' }],
  ['{a}.b.{c}', 'a.b.b.b.c', { a: 'a', c: 'b.b.c' }],
  ['{{{a}}}', '{x}', { a: 'x' }],
  ['*', 'anything', {}],
  ['{__proto__}.csv', 'x.csv', JSON.parse('{"__proto__": "x"}')],
])('%s finds in %s %j', (pattern, path, expected) => {
  expect(match(pattern, path)).toEqual(expected);
});

it.each([
  ['{exchange}_{data_type}.csv', 'asx.csv'],
  ['{exchange}_{data_type}.csv', '_trades.csv'],
  ['{exchange}_{data_type}.csv', 'asx_.csv'],
  ['{exchange}_{data_type}.csv', 'asx_trades.csv.gz'],
  ['{exchange}.csv', 'asx.CSV'],
  ['ab{a}ba', 'aba'],
  ['{exchange}/{name}.csv', 'trades.csv'],
  ['{name}.csv', 'x.csv/y'],
  ['trades.csv', 'quotes.csv'],
])('%s does not match %s', (pattern, path) => {
  expect(match(pattern, path)).toBeNull();
});
