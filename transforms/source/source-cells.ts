import type { RowOrigin } from '../../src/plugin/index.ts';
import type { BatchCells } from '../../src/rows/index.ts';
import { SharedTexts } from '../shared/shared-texts.ts';

/** Sets the cell at `at` in `bounds` of the row that comes from `origin`. */
export type SetCell = (cells: BatchCells, at: number, origin: RowOrigin) => void;

/** A text that stays the same for many rows; it is made again when what it is made of changes. */
export function textCell<T>(subject: (origin: RowOrigin) => T, text: (subject: T) => string): SetCell {
  let batch: BatchCells | null = null;
  let last: T | undefined;
  let texts = new SharedTexts([null]);
  return (cells, at, origin) => {
    const its = subject(origin);
    if (its !== last) texts = new SharedTexts([text(its)]);
    if (its !== last || batch !== cells) texts.writeTo(cells);
    last = its;
    batch = cells;
    texts.set(cells.bounds, at);
  };
}

const TEN = 10;
const ZERO = 0x30;

/** A whole number of 0 or more. */
export function numberCell(read: (origin: RowOrigin) => number): SetCell {
  return (cells, at, origin) => {
    let rest = read(origin);
    let digits = 1;
    for (let bound = TEN; rest >= bound; bound *= TEN) digits++;
    const start = cells.room(digits);
    const { bytes, bounds } = cells;
    for (let i = start + digits - 1; i >= start; i--) {
      const tenth = Math.floor(rest / TEN);
      bytes[i] = ZERO + rest - tenth * TEN;
      rest = tenth;
    }
    bounds[at] = start;
    bounds[at + 1] = start + digits;
  };
}
