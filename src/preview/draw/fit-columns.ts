import { cut, pad } from '../../terminal/text.ts';

/** Text of a cell and how it is painted once it is cut to its column's width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = '  ';

/** A line of cells in columns of these widths; text that is longer is cut. */
export function lineOf(cells: readonly Cell[], widths: readonly number[]): string {
  const drawn = cells.map(({ text, paint = plain }, index) => {
    const width = widths[index] as number;
    const fitted = cut(text, width);
    // Spaces are not painted: they would be underlined or coloured as well.
    return paint(fitted) + pad(fitted, width).slice(fitted.length);
  });
  return drawn.join(GAP).trimEnd();
}

/** Columns that stand side by side in `room`, from the first on: how many, and how wide. */
export function columnsThatFit(wanted: readonly number[], room: number): number[] {
  const widths: number[] = [];
  let left = room;
  for (const width of wanted) {
    const needed = width + (widths.length === 0 ? 0 : GAP.length);
    if (needed > left) break;
    widths.push(width);
    left -= needed;
  }
  return widths.length === 0 && wanted.length > 0 ? [Math.max(1, room)] : widths;
}

export const GAP_WIDTH = GAP.length;

function plain(text: string): string {
  return text;
}
