import { describe, expect, it } from 'vitest';
import { GrowingCells } from '../../src/rows/growing-cells.ts';

const origin = (row: number) => ({ filePath: 'a.csv', fileName: 'a.csv', row, line: row + 1, offset: 0 });

/** Cells of two columns: `a0,b0`, `a1,b1` and so on. */
function cellsOf(rowCount: number): GrowingCells {
  const bounds = new Uint32Array(4 * rowCount);
  const parts: Buffer[] = [];
  let at = 0;
  for (let index = 0; index < 2 * rowCount; index++) {
    const part = Buffer.from(`${index % 2 === 0 ? 'a' : 'b'}${index >> 1}`);
    parts.push(part);
    bounds[2 * index] = at;
    at += part.length;
    bounds[2 * index + 1] = at;
  }
  return new GrowingCells({ bytes: Buffer.concat(parts), bounds }, 2, origin);
}

function text({ bytes, bounds, width }: GrowingCells, row: number, column: number): string {
  const at = 2 * (row * width + column);
  return bytes.toString('utf8', bounds[at], bounds[at + 1]);
}

function add(cells: GrowingCells, row: number, column: number, content: string): void {
  const at = 2 * (row * cells.width + column);
  const start = cells.room(content.length);
  cells.bytes.write(content, start);
  cells.bounds[at] = start;
  cells.bounds[at + 1] = start + content.length;
}

const rowsOf = (cells: GrowingCells, rowCount: number) =>
  Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: cells.width }, (_, column) => text(cells, row, column)),
  );

describe('cells that a stage adds to', () => {
  it('keep those they had, however often they become wider', () => {
    const cells = cellsOf(3);
    cells.widen(3, 3);
    for (let row = 0; row < 3; row++) add(cells, row, 2, `c${row}`);
    cells.widen(5, 3);
    for (let row = 0; row < 3; row++) {
      add(cells, row, 3, '');
      add(cells, row, 4, `e${row}`);
    }
    expect(rowsOf(cells, 3)).toEqual(
      [0, 1, 2].map((row) => [`a${row}`, `b${row}`, `c${row}`, '', `e${row}`]),
    );
  });

  it('have room for more text than there was', () => {
    const cells = cellsOf(4);
    cells.widen(3, 4);
    const long = ['x', 'y', 'z', 'é'].map((letter) => letter.repeat(600_000));
    for (let row = 0; row < 3; row++) add(cells, row, 2, long[row] as string);
    add(cells, 3, 2, 'end');
    expect(cells.view.byteLength).toBe(cells.bytes.length);
    expect(rowsOf(cells, 4)).toEqual([
      ['a0', 'b0', long[0]],
      ['a1', 'b1', long[1]],
      ['a2', 'b2', long[2]],
      ['a3', 'b3', 'end'],
    ]);
  });

  it('leave what the parser gave as it was', () => {
    const bytes = Buffer.from('ab');
    const bounds = Uint32Array.of(0, 1, 1, 2);
    const cells = new GrowingCells({ bytes, bounds }, 2, origin);
    cells.widen(3, 1);
    add(cells, 0, 2, 'c');
    add(cells, 0, 0, 'A');
    expect([bytes.toString(), ...bounds]).toEqual(['ab', 0, 1, 1, 2]);
  });

  it('do not share memory with those of a batch that is not done with', () => {
    const before = cellsOf(2);
    before.widen(3, 2);
    add(before, 0, 2, 'old');
    before.release();
    before.release();
    const [one, other] = [cellsOf(2), cellsOf(2)];
    for (const [cells, name] of [[one, 'one'] as const, [other, 'other'] as const]) {
      cells.widen(3, 2);
      for (let row = 0; row < 2; row++) add(cells, row, 2, name);
    }
    expect(rowsOf(one, 2)).toEqual([0, 1].map((row) => [`a${row}`, `b${row}`, 'one']));
    expect(rowsOf(other, 2)).toEqual([0, 1].map((row) => [`a${row}`, `b${row}`, 'other']));
  });
});
