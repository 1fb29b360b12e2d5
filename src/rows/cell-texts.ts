import type { CellField, Cells } from './cells.ts';

/** As many rows, and bytes, are decoded at once: a text of 13 characters or more keeps all of them in memory. */
const MAX_ROWS = 16;
const MAX_BYTES = 2048;

/**
 * The text of a batch's cells. A call that decodes costs more than what it decodes, so it takes cells that follow one
 * another together: in ASCII, places in bytes and in text are the same. Only in the bytes that the parser gave, which
 * never change; what is behind them, where stages add text, may not be written yet.
 */
export class CellTexts {
  /** Cells of a row, and of all rows. */
  readonly #width: number;
  readonly #cellCount: number;
  readonly #parsedBytes: number;
  /** By column, the bytes that were decoded last for a cell of it, and their text. */
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #texts: string[];
  #lastColumn = 0;
  /** Bytes among which some are not ASCII: their cells are decoded one by one. */
  #mixedStart = 0;
  #mixedEnd = 0;

  constructor(width: number, rowCount: number, parsedBytes: number) {
    this.#parsedBytes = parsedBytes;
    this.#width = width;
    this.#cellCount = width * rowCount;
    this.#starts = new Uint32Array(width).fill(0xffff_ffff);
    this.#ends = new Uint32Array(width);
    this.#texts = new Array(width).fill('');
  }

  /** The text of the cell `column` of the row whose cells begin at `first` in `bounds`. */
  text(cells: Cells, first: number, column: number): string {
    const at = first + 2 * column;
    const start = cells.bounds[at] as number;
    const end = cells.bounds[at + 1] as number;
    if (!this.#covers(column, start, end)) {
      if (this.#covers(this.#lastColumn, start, end)) this.#share(column);
      else if (!this.#decode(cells, at, column)) return cells.bytes.toString('utf8', start, end);
    }
    this.#lastColumn = column;
    const from = this.#starts[column] as number;
    return (this.#texts[column] as string).substring(start - from, end - from);
  }

  #covers(column: number, start: number, end: number): boolean {
    return start >= (this.#starts[column] as number) && end <= (this.#ends[column] as number);
  }

  #share(column: number): void {
    this.#set(column, this.#starts[this.#lastColumn] as number, this.#texts[this.#lastColumn] as string);
  }

  #set(column: number, start: number, text: string): void {
    this.#starts[column] = start;
    this.#ends[column] = start + text.length;
    this.#texts[column] = text;
  }

  /** Decodes the cell at `at` in `bounds` and those behind it; false where they are not ASCII. */
  #decode({ bytes, bounds }: Cells, at: number, column: number): boolean {
    const start = bounds[at] as number;
    if (start >= this.#mixedStart && start < this.#mixedEnd) return false;
    const end = this.#endOfRun(bounds, at);
    const text = bytes.toString('utf8', start, end);
    if (text.length === end - start) {
      this.#set(column, start, text);
      return true;
    }
    this.#mixedStart = start;
    this.#mixedEnd = end;
    return false;
  }

  /** Cells may stand anywhere: their neighbours may be rejected, or unquoted, or not set at all. */
  #endOfRun(bounds: Uint32Array, at: number): number {
    const start = bounds[at] as number;
    const own = bounds[at + 1] as number;
    for (let step = MAX_ROWS * this.#width; step > 0; step >>= 1) {
      if (at / 2 + step >= this.#cellCount) continue;
      const from = bounds[at + 2 * step] as number;
      const end = bounds[at + 2 * step + 1] as number;
      if (from >= start && end >= own && end - start <= MAX_BYTES && end <= this.#parsedBytes) return end;
    }
    return own;
  }
}

/** A cell's text as its field has it. */
export function inCase(text: string, toCase: CellField['case']): string {
  if (toCase === null) return text;
  return toCase === 'lower' ? text.toLowerCase() : text.toUpperCase();
}
