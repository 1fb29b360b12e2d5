import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupedNumber } from '../../../transforms/schema/grouped-number.ts';

const text = fc
  .array(fc.constantFrom('-', ',', ',', '.', '1', '12', '345', '000', ' ', 'e5', '٣'), { maxLength: 7 })
  .map((parts) => parts.join(''));

it('A number in groups is what an expression says, and nothing else is one', () => {
  const read = groupedNumber(',', '.');
  const plain = groupedNumber(null, null);
  fc.assert(
    fc.property(text, (cell) => {
      const isNumber = /^-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$/.test(cell);
      expect(read(cell)).toBe(isNumber ? cell.replaceAll(',', '') : null);
      expect(plain(cell)).toBe(/^-?[0-9]+$/.test(cell) ? cell : null);
    }),
    { numRuns: 3000 },
  );
});

it('A decimal comma becomes a point', () => {
  expect(groupedNumber('.', ',')('-1.234.567,50')).toBe('-1234567.50');
  expect(groupedNumber(null, ',')('0,5')).toBe('0.5');
  expect(groupedNumber('.', ',')('1,234,5')).toBeNull();
});
