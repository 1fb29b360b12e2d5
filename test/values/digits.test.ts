import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bigintOf, numberOf } from '../../src/values/digits.ts';

/** The text stands among other digits. */
function read<T>(of: (bytes: Buffer, start: number, end: number) => T, text: string): T {
  return of(Buffer.from(`77${text}.7`), 2, 2 + text.length);
}

it('a plain number of any length is the double that Number makes of it', () => {
  const plain = fc.stringMatching(/^-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,17})?$/);
  fc.assert(
    fc.property(plain, (text) => {
      expect(read(numberOf, text)).toBe(Number(text));
    }),
    { numRuns: 5000 },
  );
});

it('a whole number of any length is the bigint that BigInt makes of it', () => {
  const sizes = [9n, 31n, 33n, 53n, 70n].map((bits) => fc.bigInt({ min: -(2n ** bits), max: 2n ** bits }));
  fc.assert(
    fc.property(fc.oneof(...sizes), (value) => {
      expect(read(bigintOf, String(value))).toBe(value);
    }),
    { numRuns: 5000 },
  );
  expect(read(bigintOf, '-0')).toBe(0n);
});
