import type { BlockRows } from '../../src/rows/index.ts';
import { allocateWords, release } from '../../src/rows/index.ts';
import { cutText } from '../../src/values/shown.ts';
import type { RowKernel } from './row-kernel.ts';

/** Why a row is rejected. */
export interface Fault {
  readonly errorName: string;
  readonly message: string;
  /** The same without what stands in the row, where `message` has any of it. */
  readonly masked?: string;
  /** The row is so long that only its first bytes are kept: `TOO_LONG_KEPT_BYTES`. */
  readonly isCut?: boolean;
}

/** What was found in a run of bytes; positions count in those bytes. */
export interface Rows {
  readonly rowCount: number;
  /** Start and end of each row, line end left out. */
  readonly rowBounds: Uint32Array;
  /** The line of the file that each row starts on. */
  readonly lines: Uint32Array;
  readonly cells: BlockRows['cells'];
  readonly faults: ReadonlyMap<number, Fault>;
}

/** The arrays of a table. */
export interface RowArrays {
  readonly rowBounds: Uint32Array;
  readonly lines: Uint32Array;
  readonly cellBounds: Uint32Array;
}

/** Copies a cell's text without its escapes to `to` in the same memory, and gives the end of the copy. */
export type CopyUnescaped = (text: Buffer, start: number, end: number, to: number) => number;

/** Makes a row of a line, or none. */
export type TakeLine = (start: number, end: number, line: number) => void;

/** Rows being collected, in arrays that grow. */
export class RowTable {
  /** The data, then cells that do not stand in it as they are, then room for more of them. */
  readonly #text: Buffer;
  readonly #columns: readonly string[];
  readonly #copyUnescaped: CopyUnescaped;
  readonly #faults = new Map<number, Fault>();
  #textEnd: number;
  /** Where the text of the row begun ends. */
  #rowTextEnd: number;
  #rowBounds: Uint32Array;
  #lines: Uint32Array;
  #cellBounds: Uint32Array;
  #rowCount = 0;
  #cellCount = 0;

  /** @param text begins with `length` bytes of data and has room for as many behind them */
  constructor(text: Buffer, length: number, columns: readonly string[], copyUnescaped: CopyUnescaped) {
    this.#copyUnescaped = copyUnescaped;
    this.#text = text;
    this.#columns = columns;
    this.#textEnd = length;
    this.#rowTextEnd = length;
    const rows = 16 + (length >> 6);
    this.#rowBounds = allocateWords(2 * rows);
    this.#lines = allocateWords(rows);
    this.#cellBounds = allocateWords(2 * columns.length * rows);
  }

  /** Adds the rows from `at` on that are in order. */
  addRows(kernel: RowKernel, at: number, limit: number, line: number): void {
    this.beginRow();
    const arrays = { rowBounds: this.#rowBounds, lines: this.#lines, cellBounds: this.#cellBounds };
    const run = { at, limit, line, textEnd: this.#textEnd };
    this.#rowCount = kernel.split(this.#text, run, arrays, this.#rowCount);
    this.#textEnd = kernel.textEnd;
  }

  /** Finds the lines from `at` on that are in order, as many as there is room for, and hands each on to be made a row. */
  takeLines(kernel: RowKernel, at: number, limit: number, line: number, take: TakeLine): void {
    this.beginRow();
    const [first, rowBounds, lines] = [this.#rowCount, this.#rowBounds, this.#lines];
    // Of a row that is one cell, the bounds are the same.
    const arrays = { rowBounds, lines, cellBounds: rowBounds };
    const end = kernel.split(this.#text, { at, limit, line, textEnd: this.#textEnd }, arrays, first);
    for (let i = first; i < end; i++) {
      take(rowBounds[2 * i] as number, rowBounds[2 * i + 1] as number, lines[i] as number);
    }
  }

  /** Makes room for a row and forgets cells of one that was not ended. */
  beginRow(): void {
    this.#cellCount = 0;
    this.#rowTextEnd = this.#textEnd;
    if (this.#rowCount < this.#lines.length) return;
    this.#rowBounds = doubled(this.#rowBounds);
    this.#lines = doubled(this.#lines);
    this.#cellBounds = doubled(this.#cellBounds);
  }

  /** The row begun has all of its cells: nothing is in those that are not set. */
  fillRow(): void {
    const width = this.#columns.length;
    this.#cellBounds.fill(0, 2 * this.#rowCount * width, 2 * (this.#rowCount + 1) * width);
    this.#cellCount = width;
  }

  /** Sets a cell of a row that is filled. */
  setCell(column: number, start: number, end: number): void {
    const at = 2 * (this.#rowCount * this.#columns.length + column);
    this.#cellBounds[at] = start;
    this.#cellBounds[at + 1] = end;
  }

  /** Sets one that loses its escapes. */
  setEscaped(column: number, start: number, end: number): void {
    const begin = this.#rowTextEnd;
    this.#rowTextEnd = this.#copyUnescaped(this.#text, start, end, begin);
    this.setCell(column, begin, this.#rowTextEnd);
  }

  addCell(start: number, end: number): void {
    const width = this.#columns.length;
    if (this.#cellCount < width) this.setCell(this.#cellCount, start, end);
    this.#cellCount++;
  }

  /** A cell that loses its escapes. */
  addEscaped(start: number, end: number): void {
    const begin = this.#rowTextEnd;
    this.#rowTextEnd = this.#copyUnescaped(this.#text, start, end, begin);
    this.addCell(begin, this.#rowTextEnd);
  }

  /** The cells that the row begun lacks at its end are empty, and stand there. */
  fillUp(end: number): void {
    while (this.#cellCount < this.#columns.length) this.addCell(end, end);
  }

  /** Ends the row begun; rejects it when the number of its cells is wrong. */
  endRow(start: number, end: number, line: number): void {
    if (this.#cellCount === this.#columns.length) {
      this.#textEnd = this.#rowTextEnd;
      this.#addRow(start, end, line);
    } else this.rejectRow(start, end, line, raggedRow(this.#columns, this.#cellCount));
  }

  rejectRow(start: number, end: number, line: number, fault: Fault): void {
    this.fillRow();
    this.#faults.set(this.#rowCount, fault);
    this.#addRow(start, end, line);
  }

  finish(): Rows {
    const rowCount = this.#rowCount;
    return {
      rowCount,
      rowBounds: this.#rowBounds.subarray(0, 2 * rowCount),
      lines: this.#lines.subarray(0, rowCount),
      cells: {
        bytes: this.#text,
        textEnd: this.#textEnd,
        bounds: this.#cellBounds.subarray(0, 2 * rowCount * this.#columns.length),
      },
      faults: this.#faults,
    };
  }

  /** Gives the memory back behind what `finish` gave. */
  release(): void {
    for (const array of [this.#rowBounds, this.#lines, this.#cellBounds]) release(array);
  }

  #addRow(start: number, end: number, line: number): void {
    this.#rowBounds[2 * this.#rowCount] = start;
    this.#rowBounds[2 * this.#rowCount + 1] = end;
    this.#lines[this.#rowCount] = line;
    this.#rowCount++;
  }
}

function doubled(full: Uint32Array): Uint32Array {
  const larger = allocateWords(2 * full.length);
  larger.set(full);
  release(full);
  return larger;
}

function raggedRow(columns: readonly string[], got: number): Fault {
  const names = cutText(columns.join(', '));
  return {
    errorName: got < columns.length ? 'TooFewCells' : 'TooManyCells',
    message: `expected ${columns.length} ${columns.length === 1 ? 'cell' : 'cells'} (${names}), got ${got}`,
  };
}
