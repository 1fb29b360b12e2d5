import code from '#kernels/split-rows';
import { WORD_BYTES } from '../../kernels/lib/sizes.ts';
import {
  AT,
  CAPACITY,
  CELL_BOUNDS,
  COLUMNS,
  DATA,
  DELIMITER,
  DELIMITER_BYTES,
  DELIMITER_LENGTH,
  DELIMITER_MAX_BYTES,
  IS_QUOTING,
  IS_STOPPING,
  LIMIT,
  LINE,
  LINES,
  MAX_RECORD_BYTES,
  NO_BYTE,
  QUOTE,
  ROW_BOUNDS,
  ROW_COUNT,
  STOPS,
  STOPS_BYTES,
  TASK_BYTES,
  TEXT_END,
} from '../../kernels/split-rows/layout.ts';
import { addressOf, allocateFor, loadKernel, Struct } from '../../src/rows/index.ts';
import type { RowArrays } from './row-table.ts';

/** What rows in order are made of. */
export interface RowMarks {
  /** null: a row is one cell. */
  readonly delimiter: string | null;
  readonly quote: string | null;
  readonly escape: string | null;
  /** What lines begin with that are to be looked at first, whether they are rows. */
  readonly stops: readonly Buffer[];
  readonly maxRecordBytes: number;
}

interface Kernel {
  splitRows(task: number): void;
}

/** Where rows are split: from `at`, which is on `line`, to `limit`. */
export interface RowRun {
  readonly at: number;
  readonly limit: number;
  readonly line: number;
  /** Where text goes that is not in the data as it is. */
  readonly textEnd: number;
}

/** Splits rows in order, many at once. */
export class RowKernel {
  readonly #kernel: Kernel;
  readonly #task: Struct;

  private constructor(
    { delimiter, quote, escape: escapeBy, stops, maxRecordBytes }: RowMarks,
    columns: number,
  ) {
    this.#kernel = loadKernel<Kernel>(code);
    this.#task = new Struct(allocateFor(this, TASK_BYTES));
    const task = this.#task;
    task.setWord(COLUMNS, columns);
    setDelimiter(task, delimiter);
    task.setWord(QUOTE, quote?.charCodeAt(0) ?? NO_BYTE);
    setStops(task, stops);
    task.setWord(IS_QUOTING, quote !== null && quote === escapeBy ? 1 : 0);
    task.setWord(MAX_RECORD_BYTES, maxRecordBytes);
  }

  /** null where no row is for the kernel. */
  static create(marks: RowMarks, columns: number): RowKernel | null {
    const isTooLong = Buffer.byteLength(marks.delimiter ?? '') > DELIMITER_MAX_BYTES;
    return columns === 0 || isTooLong ? null : new RowKernel(marks, columns);
  }

  /** Where the next row starts, after `split`. */
  get at(): number {
    return this.#task.word(AT);
  }

  /** The line of that row. */
  get line(): number {
    return this.#task.word(LINE);
  }

  /** Where unquoted text ends, after `split`. */
  get textEnd(): number {
    return this.#task.word(TEXT_END);
  }

  /**
   * Splits rows from `at` on into the arrays behind the `rowCount` that are there, until one is not in order or the
   * arrays are full, and gives how many there are then. Text that loses its escapes goes to `text` from `textEnd` on.
   * None is split where kernels cannot reach the memory.
   */
  split(text: Buffer, run: RowRun, arrays: RowArrays, rowCount: number): number {
    const task = this.#task;
    task.setWord(AT, run.at);
    task.setWord(LINE, run.line);
    task.setWord(TEXT_END, run.textEnd);
    const { rowBounds, lines, cellBounds } = arrays;
    const isBeyond = [text, rowBounds, lines, cellBounds].some((block) => addressOf(block) === 0);
    if (isBeyond || task.address === 0) return rowCount;
    task.setWord(DATA, addressOf(text));
    task.setWord(LIMIT, run.limit);
    task.setWord(ROW_BOUNDS, addressOf(rowBounds));
    task.setWord(LINES, addressOf(lines));
    task.setWord(CELL_BOUNDS, addressOf(cellBounds));
    task.setWord(CAPACITY, lines.length);
    task.setWord(ROW_COUNT, rowCount);
    this.#kernel.splitRows(task.address);
    return task.word(ROW_COUNT);
  }
}

function setDelimiter(task: Struct, delimiter: string | null): void {
  const bytes = Buffer.alloc(DELIMITER_MAX_BYTES);
  const length = delimiter === null ? 0 : bytes.write(delimiter);
  task.setWord(DELIMITER, length === 0 ? NO_BYTE : (bytes[0] as number));
  task.setWord(DELIMITER_LENGTH, length);
  for (let at = 0; at < bytes.length; at += WORD_BYTES)
    task.setWord(DELIMITER_BYTES + at, bytes.readUInt32LE(at));
}

function setStops(task: Struct, stops: readonly Buffer[]): void {
  const bits = Buffer.alloc(STOPS_BYTES);
  task.setWord(IS_STOPPING, stops.length === 0 ? 0 : 1);
  for (const byte of stops.map((stop) => stop[0] as number))
    bits[byte >> 3] = (bits[byte >> 3] as number) | (1 << (byte & 7));
  for (let at = 0; at < bits.length; at += WORD_BYTES) task.setWord(STOPS + at, bits.readUInt32LE(at));
}
