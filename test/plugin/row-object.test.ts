import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowMaker } from '../../src/plugin/row-object.ts';

const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '7',
    '007',
    'say "hi"',
    '`',
    '\u2028',
    '\ud800',
    '',
  ),
  fc.string({ unit: 'binary' }),
);

it('an object has the properties of an object literal, whatever their names are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const values = names.map((_, index) => index);
      const expected = Object.fromEntries(names.map((one, index) => [one, index]));
      const row = rowMaker(names)(values);
      expect(inspect(row, { showHidden: true })).toBe(inspect(expected, { showHidden: true }));
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    }),
  );
});

it('the last of several properties of one name counts', () => {
  expect(rowMaker(['a', 'b', 'a'])([1, 2, 3])).toEqual({ a: 3, b: 2 });
});
