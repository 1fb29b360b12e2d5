import type { Cells } from '../../src/plugin/index.ts';

/** Why a row is rejected. */
export interface Fault {
  readonly errorName: string;
  readonly message: string;
}

/** What was found in a run of bytes; positions count in those bytes. */
export interface Rows {
  readonly rowCount: number;
  /** Start and end of each row, line end left out. */
  readonly rowBounds: Uint32Array;
  /** The line each row starts on, where 0 is the first line of the bytes. */
  readonly lines: Uint32Array;
  readonly cells: Omit<Cells, 'view'>;
  readonly faults: ReadonlyMap<number, Fault>;
}

/** The arrays of a table, which may serve one table after another. */
export interface RowArrays {
  readonly rowBounds: Uint32Array;
  readonly lines: Uint32Array;
  readonly cellBounds: Uint32Array;
}

/** Rows being collected, in arrays that grow. */
export class RowTable {
  readonly #data: Buffer;
  readonly #columns: readonly string[];
  readonly #faults = new Map<number, Fault>();
  /** Bytes of cells that do not stand in the data as they are. */
  readonly #unquoted: Uint8Array[] = [];
  #unquotedEnd: number;
  #rowBounds: Uint32Array;
  #lines: Uint32Array;
  #cellBounds: Uint32Array;
  #rowCount = 0;
  #cellCount = 0;

  /** @param arrays of a table that is not read any more */
  constructor(data: Buffer, columns: readonly string[], arrays: RowArrays | undefined) {
    this.#data = data;
    this.#columns = columns;
    this.#unquotedEnd = data.length;
    const rows = 16 + (data.length >> 6);
    this.#rowBounds = arrays?.rowBounds ?? new Uint32Array(2 * rows);
    this.#lines = arrays?.lines ?? new Uint32Array(rows);
    this.#cellBounds = arrays?.cellBounds ?? new Uint32Array(2 * columns.length * rows);
  }

  /** The arrays behind what `finish` gave, to be used again when that is not read any more. */
  get arrays(): RowArrays {
    return { rowBounds: this.#rowBounds, lines: this.#lines, cellBounds: this.#cellBounds };
  }

  /** Makes room for a row and forgets cells of one that was not ended. */
  beginRow(): void {
    this.#cellCount = 0;
    if (this.#rowCount < this.#lines.length) return;
    this.#rowBounds = doubled(this.#rowBounds);
    this.#lines = doubled(this.#lines);
    this.#cellBounds = doubled(this.#cellBounds);
  }

  addCell(start: number, end: number): void {
    const width = this.#columns.length;
    if (this.#cellCount < width) {
      const at = 2 * (this.#rowCount * width + this.#cellCount);
      this.#cellBounds[at] = start;
      this.#cellBounds[at + 1] = end;
    }
    this.#cellCount++;
  }

  /** A cell with its quotes taken away. */
  addUnquoted(cell: Uint8Array): void {
    this.addCell(this.#unquotedEnd, this.#unquotedEnd + cell.length);
    this.#unquoted.push(cell);
    this.#unquotedEnd += cell.length;
  }

  /** Ends the row begun; rejects it when the number of its cells is wrong. */
  endRow(start: number, end: number, line: number): void {
    if (this.#cellCount === this.#columns.length) this.#addRow(start, end, line);
    else this.rejectRow(start, end, line, raggedRow(this.#columns, this.#cellCount));
  }

  rejectRow(start: number, end: number, line: number, fault: Fault): void {
    const width = this.#columns.length;
    this.#cellBounds.fill(0, 2 * this.#rowCount * width, 2 * (this.#rowCount + 1) * width);
    this.#faults.set(this.#rowCount, fault);
    this.#addRow(start, end, line);
  }

  finish(): Rows {
    const rowCount = this.#rowCount;
    const bytes = this.#unquoted.length === 0 ? this.#data : Buffer.concat([this.#data, ...this.#unquoted]);
    return {
      rowCount,
      rowBounds: this.#rowBounds.subarray(0, 2 * rowCount),
      lines: this.#lines.subarray(0, rowCount),
      cells: {
        bytes,
        bounds: this.#cellBounds.subarray(0, 2 * rowCount * this.#columns.length),
      },
      faults: this.#faults,
    };
  }

  #addRow(start: number, end: number, line: number): void {
    this.#rowBounds[2 * this.#rowCount] = start;
    this.#rowBounds[2 * this.#rowCount + 1] = end;
    this.#lines[this.#rowCount] = line;
    this.#rowCount++;
  }
}

function doubled(numbers: Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

const NAMED_IN_MESSAGES = 100;

function raggedRow(columns: readonly string[], got: number): Fault {
  const names = columns.join(', ');
  const shown = names.length > NAMED_IN_MESSAGES ? `${names.slice(0, NAMED_IN_MESSAGES)}…` : names;
  return {
    errorName: got < columns.length ? 'TooFewCells' : 'TooManyCells',
    message: `expected ${columns.length} cells (${shown}), got ${got}`,
  };
}
