import code from '#kernels/check-cells';
import { addressOf, allocateFor, type Cells, loadKernel, wordsOf } from '../../src/rows/index.ts';
import type { CellCheck } from './cell-checks.ts';

interface Kernel {
  checkCells(program: number, bytes: number, bounds: number, from: number, to: number): number;
}

/** What the kernel is told of a field. */
export interface CheckedField {
  readonly column: number;
  readonly trim: boolean;
  /** Text that is not ASCII takes the general path. */
  readonly asciiOnly: boolean;
  /** False: an empty cell takes the general path, which rejects the row. */
  readonly optional: boolean;
  readonly check: CellCheck;
}

const WORD_BYTES = 4;
const BOUNDS_BYTES = 2 * WORD_BYTES;
/** Words of `Program` and `Field` in `kernel/check-cells.ts`. */
const PROGRAM_WORDS = 4;
const FIELD_WORDS = 12;

/** Checks the cells of rows by a program for each field, many rows at once. */
export class CheckKernel {
  readonly #kernel: Kernel;
  /** Where the kernel finds the program; 0 where it cannot. */
  readonly #program: number;

  constructor(fields: readonly CheckedField[], nullWords: readonly Buffer[], width: number) {
    this.#kernel = loadKernel<Kernel>(code);
    const numbersBytes = WORD_BYTES * (PROGRAM_WORDS + FIELD_WORDS * fields.length);
    const lists = [nullWords, ...fields.map(({ check }) => check.words)].map(wordList);
    const all = Buffer.concat([Buffer.alloc(numbersBytes), ...lists]);
    const block = allocateFor(this, all.length);
    block.set(all);
    this.#program = addressOf(block);
    const [ofNullWords = [], ...ofWords] = placesOf(lists, this.#program + numbersBytes);
    const nulls = nullWords.length > 0;
    const numbers = [
      ...[BOUNDS_BYTES * width, this.#program + numbersBytes, ...ofNullWords],
      ...fields.flatMap((field, i) => fieldNumbers(field, ofWords[i] ?? [], nulls)),
    ];
    wordsOf(block).set(numbers);
  }

  /**
   * Takes rows in order from `from` on and gives the first that it did not take, or `to`. It takes a row when all its
   * cells are in their plain form, and narrows them to their values; none where kernels cannot reach the memory.
   */
  take({ bytes, bounds }: Cells, from: number, to: number): number {
    const program = this.#program;
    const bytesAt = addressOf(bytes);
    const boundsAt = addressOf(bounds);
    if (program === 0 || bytesAt === 0 || boundsAt === 0) return from;
    return this.#kernel.checkCells(program, bytesAt, boundsAt, from, to);
  }
}

/** Where each list begins and ends, one behind the other. */
function placesOf(lists: readonly Buffer[], from: number): number[][] {
  let end = from;
  return lists.map(({ length }) => {
    const start = end;
    end += length;
    return [start, end];
  });
}

/** The last two are for the bounds that the kernel keeps. */
function fieldNumbers(field: CheckedField, ofWords: readonly number[], nulls: boolean): number[] {
  const { column, trim, asciiOnly, optional, check } = field;
  const ascii = trim || asciiOnly;
  const flags = [optional, check.narrows || ascii || nulls, ascii, trim].map(Number);
  return [BOUNDS_BYTES * column, check.kind, check.digits, check.scale, ...ofWords, ...flags, 0, 0];
}

/** Each word with its length before it. */
function wordList(words: readonly Buffer[]): Buffer {
  return Buffer.concat(
    words.flatMap((word) => {
      const length = Buffer.alloc(WORD_BYTES);
      length.writeUInt32LE(word.length);
      return [length, word];
    }),
  );
}
