import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CellTexts } from '../../src/rows/cell-texts.ts';
import { cellsOf } from './cells-of.ts';

const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 700, maxLength: 2500 }) },
);

it('every cell has its own text, wherever cells stand and in whatever order they are asked for', () => {
  const table = fc.integer({ min: 1, max: 40 }).chain((width) =>
    fc.record({
      width: fc.constant(width),
      rows: fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 40 }),
      swaps: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
      parsed: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(table, ({ width, rows, swaps, parsed }) => {
      const cells = cellsOf(rows.flat());
      const { bytes, bounds } = cells;
      const count = rows.length * width;
      const expected = rows.flat();
      for (const [one, other] of swaps.map((pair) => pair.map((at) => at % count) as [number, number])) {
        swap(expected, one, other, 1);
        swap(bounds, one, other, 2);
      }
      const texts = new CellTexts(width, rows.length, Math.floor(parsed * bytes.length));
      const read = expected.map((_, at) => texts.text(cells, 2 * width * Math.floor(at / width), at % width));
      expect(read).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

function swap<T>(list: { [index: number]: T }, one: number, other: number, size: number): void {
  for (let i = 0; i < size; i++) {
    const held = list[size * one + i] as T;
    list[size * one + i] = list[size * other + i] as T;
    list[size * other + i] = held;
  }
}

it('text that is written behind what the parser gave is read as it is by then', () => {
  const cells = cellsOf(['a', 'b', 'later']);
  const texts = new CellTexts(1, 3, 4);
  expect(texts.text(cells, 0, 0)).toBe('a');
  cells.bytes.write('LATER', 4);
  expect([texts.text(cells, 2, 0), texts.text(cells, 4, 0)]).toEqual(['b', 'LATER']);
});
