import { expect, test } from 'vitest';
import { LinePattern } from '../../src/values/line-pattern.ts';

test.each([
  ['TRAILER,{rows}', 'TRAILER,0012', 12],
  ['TRAILER,{rows}', 'TRAILER,12 ', false],
  ['TRAILER,{rows}', 'TRAILER,', false],
  ['T|*|{rows}', 'T|2026-01-05|7|33', 33],
  ['T|{rows}|*', 'T|7|2026-01-05|33', 7],
  ['*rows: {rows}.', 'there are rows: 5.', 5],
  ['*{rows}', 'END9', 9],
  ['"T(+)","{rows}"', '"T(+)","3"', 3],
  ['TOTAL*', 'TOTAL,5', null],
  ['TOTAL*', 'SUBTOTAL', false],
  ['{rows}', '99999999999999999999', false],
  ['*a*a*a*a*a*a*a*b{rows}', 'a'.repeat(8000), false],
])('by %j the line %j says %j rows', (pattern, line, rows) => {
  expect(new LinePattern(pattern).rowsIn(line)).toBe(rows);
});
