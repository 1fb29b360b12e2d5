import { expect, it } from 'vitest';
import { wholePart } from '../../../transforms/connect/numbers.ts';

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
