import { expect, it } from 'vitest';
import { parseFloating, plainDecimal, wholePart } from '../../../../transforms/connect/shared/numbers.ts';

it.each<[string, bigint | null]>([
  ['12.75', 12n],
  ['-12.75', -12n],
  ['+7', 7n],
  ['-0.5', 0n],
  ['.5', 0n],
  ['5.', 5n],
  ['1.25e1', 12n],
  ['1e3', 1000n],
  ['-125E-2', -1n],
  ['125e-5', 0n],
  ['99999999999999999999.9', 99999999999999999999n],
  ['1e400', 10n ** 400n],
  ['1e401', null],
  ['1e999999999', null],
  ['', null],
  ['.', null],
  ['1f', null],
  ['0x10', null],
  ['NaN', null],
])('the whole part of %j is %s', (text, whole) => {
  expect(wholePart(text)).toBe(whole);
});

it.each<[string, string | null]>([
  ['12.75', '12.75'],
  ['-012.50', '-12.50'],
  ['+7', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1e3', '1000'],
  ['-1.25e-2', '-0.0125'],
  ['12.5e1', '125'],
  ['-0.00', '0.00'],
  ['1e401', null],
  ['5f', null],
])('%j is the plain decimal %s', (text, plain) => {
  expect(plainDecimal(text)).toBe(plain);
});

it('a million digits that are no number are refused at once', () => {
  // With time that grows by the square, this would take longer than a test may.
  const digits = `${'1'.repeat(1_000_000)}x`;
  expect([parseFloating(digits), plainDecimal(digits), wholePart(digits)]).toEqual([null, null, null]);
});
