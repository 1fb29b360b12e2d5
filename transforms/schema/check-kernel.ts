import code from '#kernels/check-cells';
import {
  AS_READ,
  ASCII,
  COLUMN,
  DIGITS,
  FIELD_BYTES,
  FIELDS_END,
  KIND,
  LOOKS,
  NULL_WORDS,
  OPTIONAL,
  PROGRAM_BYTES,
  ROW_BYTES,
  SCALE,
  TIMESTAMP,
  TRIM,
  WORDS,
} from '../../kernels/check-cells/layout.ts';
import { BOUNDS_BYTES, MINUTE_BYTES } from '../../kernels/lib/sizes.ts';
import { addressOf, type Cells, loadKernel, Program, wordList } from '../../src/rows/index.ts';
import type { CellCheck } from './cell-checks.ts';

/** Copies may write so much behind their end. */
const COPY_BYTES = 16;

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
  readonly nullWords: readonly string[];
  readonly check: CellCheck;
}

/** Checks the cells of rows by a program for each field, many rows at once. */
export class CheckKernel {
  readonly #kernel: Kernel;
  /** Where the kernel finds the program; 0 where it cannot. */
  readonly #program: number;

  constructor(fields: readonly CheckedField[], width: number) {
    this.#kernel = loadKernel<Kernel>(code);
    const fieldsEnd = PROGRAM_BYTES + FIELD_BYTES * fields.length;
    const program = new Program(fieldsEnd);
    program.setWord(ROW_BYTES, BOUNDS_BYTES * width);
    program.setWord(FIELDS_END, fieldsEnd);
    if (fields.some(mayNarrow))
      program.setWord(AS_READ, program.place(Buffer.alloc(BOUNDS_BYTES * width + COPY_BYTES)));
    fields.forEach((field, i) => {
      placeField(program, PROGRAM_BYTES + FIELD_BYTES * i, field);
    });
    this.#program = program.addressFor(this);
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

/** Whether a cell is looked at before its own check. */
function isLookedAt({ trim, asciiOnly, nullWords }: CheckedField): boolean {
  return trim || asciiOnly || nullWords.length > 0;
}

function mayNarrow(field: CheckedField): boolean {
  return field.check.narrows || isLookedAt(field);
}

function placeField(program: Program, at: number, field: CheckedField): void {
  const { column, trim, asciiOnly, optional, nullWords, check } = field;
  const ascii = trim || asciiOnly;
  program.setWord(at + COLUMN, BOUNDS_BYTES * column);
  program.setWord(at + KIND, check.kind);
  program.setWord(at + DIGITS, check.digits);
  program.setWord(at + SCALE, check.scale);
  program.setWord(
    at + WORDS,
    program.place(check.kind === TIMESTAMP ? Buffer.alloc(MINUTE_BYTES) : wordList(check.words)),
  );
  program.setWord(at + OPTIONAL, Number(optional));
  program.setWord(at + LOOKS, Number(isLookedAt(field)));
  program.setWord(at + ASCII, Number(ascii));
  program.setWord(at + TRIM, Number(trim));
  program.setWord(at + NULL_WORDS, program.place(wordList(nullWords)));
}
