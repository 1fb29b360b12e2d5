import code from '#kernels/write-cells';
import { addressOf, allocateFor, type CellWriter, loadKernel, shareFunction } from '../../rows/index.ts';
import type { CellForm } from './cell-form.ts';

interface Kernel {
  writeCells(program: number, at: number, bytes: number, row: number): number;
}

/** How one field is written. */
export interface CellStep {
  readonly column: number;
  readonly form: CellForm;
  /** What stands before the value. */
  readonly before: Uint8Array;
  /** All that is written for an empty cell; null where there must be none. */
  readonly empty: Uint8Array | null;
}

const WORD_BYTES = 4;
const BOUNDS_BYTES = 2 * WORD_BYTES;
/** `Program` of `kernel/write-cells.ts`, and `Field` of `kernel/cells/field.ts`. */
const PROGRAM_WORDS = 3;
const FIELD_WORDS = 10;

/** Compiles what is written field by field and behind the last; null when there is no memory for it. */
export function compileCellSteps(steps: readonly CellStep[], end: Uint8Array): CellWriter | null {
  const writer = new ProgramWriter(steps, end);
  return writer.program === 0 ? null : writer;
}

class ProgramWriter implements CellWriter {
  readonly fixedBytes: number;
  readonly bytesPerByte: number;
  readonly write: number;
  readonly program: number;

  constructor(steps: readonly CellStep[], end: Uint8Array) {
    const sizes = steps.map(({ before, form, empty }) =>
      Math.max(before.length + form.extraBytes + (form.isQuoted ? 1 : 0), empty?.length ?? 0),
    );
    this.fixedBytes = sizes.reduce((sum, size) => sum + size, end.length);
    this.bytesPerByte = bytesPerByte(steps);
    this.write = shareFunction(loadKernel<Kernel>(code).writeCells);
    const program = programOf(steps, end);
    const block = allocateFor(this, program.length);
    block.set(program);
    this.program = addressOf(block);
  }
}

/** Several fields may be made of one cell. */
function bytesPerByte(steps: readonly CellStep[]): number {
  const byColumn = new Map<number, number>();
  for (const { column, form } of steps) {
    byColumn.set(column, (byColumn.get(column) ?? 0) + form.bytesPerByte);
  }
  return Math.max(0, ...byColumn.values());
}

/** The words of the program and its fields, and behind them the bytes that they name by where they stand. */
function programOf(steps: readonly CellStep[], end: Uint8Array): Buffer {
  const fieldsEnd = WORD_BYTES * (PROGRAM_WORDS + FIELD_WORDS * steps.length);
  const parts: Uint8Array[] = [];
  let at = fieldsEnd;
  const placed = (bytes: Uint8Array): number => {
    parts.push(bytes);
    at += bytes.length;
    return at - bytes.length;
  };
  const words = [fieldsEnd, placed(end), end.length];
  for (const { column, form, before, empty } of steps) {
    words.push(BOUNDS_BYTES * column, form.kind, placed(before), before.length);
    words.push(empty === null ? 0 : 1, empty === null ? 0 : placed(empty), empty?.length ?? 0);
    words.push(form.isQuoted ? 1 : 0, form.argument, placed(form.detail));
  }
  return Buffer.concat([Buffer.from(Uint32Array.from(words).buffer), ...parts]);
}
