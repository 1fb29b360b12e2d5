import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CellTexts } from '../../src/rows/cell-texts.ts';
import { rowCode } from '../../src/rows/row-code.ts';

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

/** Fields of these names, whose cells hold their numbers. */
function numbered(names: readonly string[]) {
  const bytes = Buffer.from(names.map((_, index) => String(index)).join(''));
  const ends = names.map((_, index) => String(index).length);
  const bounds = new Uint32Array(2 * names.length);
  ends.forEach((length, index) => {
    bounds[2 * index] = index === 0 ? 0 : (bounds[2 * index - 1] as number);
    bounds[2 * index + 1] = (bounds[2 * index] as number) + length;
  });
  const code = rowCode(
    names.map((each, column) => ({ name: each, column, type: 'int', empty: null, case: null })),
  );
  const cells = { bytes, bounds, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
  return { code, row: code.read(cells, 0, new CellTexts(names.length, 1, bytes.length)) };
}

/** Whole numbers come first in an object. */
const inOrder = (names: readonly string[]) =>
  Object.keys(Object.fromEntries(names.map((each) => [each, null])));

it('an object has the properties of an object literal, whatever their names are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const ordered = inOrder(names);
      const expected = Object.fromEntries(ordered.map((one, index) => [one, index]));
      const { row } = numbered(ordered);
      expect(inspect(row, { showHidden: true })).toBe(inspect(expected, { showHidden: true }));
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    }),
  );
});

it('a comparison names the fields that have changed, whatever their names are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.nat(), (names, pick) => {
      const ordered = inOrder(names);
      const index = pick % ordered.length;
      const { code, row } = numbered(ordered);
      const changed = new Uint32Array(ordered.length);
      expect(code.count(row)).toBe(ordered.length);
      expect(code.compare(row, changed)).toBe(0);
      Object.defineProperty(row, ordered[index] as string, { value: 'other' });
      expect(code.count(row)).toBe(ordered.length);
      expect(code.compare(row, changed)).toBe(1);
      expect(changed[0]).toBe(index);
    }),
  );
});

it('an object that lacks a field, or has them in another order, is another', () => {
  const { code } = numbered(['a', 'b']);
  expect(code.count({ a: 0 })).toBe(-1);
  expect(code.count({ b: 1, a: 0 })).toBe(-1);
  expect(code.count({ a: 0, b: 1, c: 2 })).toBe(3);
});
