import code from '#kernels/split-rows';
import { addressOf, allocateFor, loadKernel, wordsOf } from '../../src/rows/index.ts';
import { type Dialect, hasPlainLines } from './dialect.ts';
import type { RowArrays } from './row-table.ts';

interface Kernel {
  splitRows(task: number): void;
}

/** No byte. */
const NONE = 256;
const WORDS = 16;
/** Words of `SplitTask` in `kernel/split-rows.ts`. */
const DATA = 0;
const AT = 1;
const LIMIT = 2;
const COLUMNS = 3;
const DELIMITER = 4;
const QUOTE = 5;
const COMMENT = 6;
const MAX_RECORD_BYTES = 7;
const ROW_BOUNDS = 8;
const LINES = 9;
const CELL_BOUNDS = 10;
const CAPACITY = 11;
const ROW_COUNT = 12;
const LINE = 13;
const IS_QUOTING = 14;
const TEXT_END = 15;

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
  readonly #task: Uint32Array;

  private constructor(dialect: Dialect, columns: number) {
    const { delimiter, quote, comment, maxRecordBytes } = dialect;
    this.#kernel = loadKernel<Kernel>(code);
    this.#task = wordsOf(allocateFor(this, 4 * WORDS));
    this.#task[COLUMNS] = columns;
    this.#task[DELIMITER] = delimiter.charCodeAt(0);
    this.#task[QUOTE] = quote?.charCodeAt(0) ?? NONE;
    this.#task[COMMENT] = comment?.[0] ?? NONE;
    this.#task[IS_QUOTING] = quote !== null && quote === dialect.escape ? 1 : 0;
    this.#task[MAX_RECORD_BYTES] = maxRecordBytes;
  }

  /** null where no row is for the kernel. */
  static create(dialect: Dialect, columns: number): RowKernel | null {
    return hasPlainLines(dialect) && columns > 0 ? new RowKernel(dialect, columns) : null;
  }

  /** Where the next row starts, after `split`. */
  get at(): number {
    return this.#task[AT] as number;
  }

  /** The line of that row. */
  get line(): number {
    return this.#task[LINE] as number;
  }

  /** Where unquoted text ends, after `split`. */
  get textEnd(): number {
    return this.#task[TEXT_END] as number;
  }

  /**
   * Splits rows from `at` on into the arrays behind the `rowCount` that are there, until one is not in order or the
   * arrays are full, and gives how many there are then. Text that loses its escapes goes to `text` from `textEnd` on.
   * None is split where kernels cannot reach the memory.
   */
  split(text: Buffer, run: RowRun, arrays: RowArrays, rowCount: number): number {
    const task = this.#task;
    task[AT] = run.at;
    task[LINE] = run.line;
    task[TEXT_END] = run.textEnd;
    const { rowBounds, lines, cellBounds } = arrays;
    if ([task, text, rowBounds, lines, cellBounds].some((block) => addressOf(block) === 0)) return rowCount;
    task[DATA] = addressOf(text);
    task[LIMIT] = run.limit;
    task[ROW_BOUNDS] = addressOf(rowBounds);
    task[LINES] = addressOf(lines);
    task[CELL_BOUNDS] = addressOf(cellBounds);
    task[CAPACITY] = lines.length;
    task[ROW_COUNT] = rowCount;
    this.#kernel.splitRows(addressOf(task));
    return task[ROW_COUNT] as number;
  }
}
