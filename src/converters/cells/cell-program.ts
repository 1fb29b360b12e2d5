import code from '#kernels/write-cells';
import { BOUNDS_BYTES } from '../../../kernels/lib/sizes.ts';
import {
  ARGUMENT,
  BEFORE,
  BEFORE_LENGTH,
  COLUMN,
  DETAIL,
  EMPTY,
  EMPTY_LENGTH,
  END,
  END_LENGTH,
  FIELD_BYTES,
  FIELDS_END,
  KIND,
  MAY_BE_EMPTY,
  PROGRAM_BYTES,
  QUOTES,
} from '../../../kernels/write-cells/layout.ts';
import { type CellWriter, loadKernel, Program, shareFunction } from '../../rows/index.ts';
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
    this.program = programOf(steps, end).addressFor(this);
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

function programOf(steps: readonly CellStep[], end: Uint8Array): Program {
  const fieldsEnd = PROGRAM_BYTES + FIELD_BYTES * steps.length;
  const program = new Program(fieldsEnd);
  program.setWord(FIELDS_END, fieldsEnd);
  program.setWord(END, program.place(end));
  program.setWord(END_LENGTH, end.length);
  steps.forEach((step, i) => {
    placeField(program, PROGRAM_BYTES + FIELD_BYTES * i, step);
  });
  return program;
}

function placeField(program: Program, at: number, { column, form, before, empty }: CellStep): void {
  program.setWord(at + COLUMN, BOUNDS_BYTES * column);
  program.setWord(at + KIND, form.kind);
  program.setWord(at + BEFORE, program.place(before));
  program.setWord(at + BEFORE_LENGTH, before.length);
  program.setWord(at + MAY_BE_EMPTY, Number(empty !== null));
  if (empty !== null) {
    program.setWord(at + EMPTY, program.place(empty));
    program.setWord(at + EMPTY_LENGTH, empty.length);
  }
  program.setWord(at + QUOTES, Number(form.isQuoted));
  program.setWord(at + ARGUMENT, form.argument);
  program.setWord(at + DETAIL, program.place(form.detail));
}
