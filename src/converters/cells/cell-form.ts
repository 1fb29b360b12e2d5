import type { CellField } from '../../rows/index.ts';

/** How cells of one type are written in one form, by `kernels/write-cells`. */
export interface CellForm {
  /** Of those in `kernels/write-cells/layout.ts`. */
  readonly kind: number;
  readonly isQuoted: boolean;
  /** The most bytes for each byte of a cell, and beside those. */
  readonly bytesPerByte: number;
  readonly extraBytes: number;
  /** Of text, the first of the letters that are changed, or 0; of a timestamp, the digits behind the second. */
  readonly argument: number;
  /** What else the kind needs, laid out for the kernel. */
  readonly detail: Uint8Array;
}

const UPPER_A = 0x41;
const LOWER_A = 0x61;
const PLAIN = {
  isQuoted: false,
  bytesPerByte: 0,
  extraBytes: 0,
  argument: 0,
  detail: Buffer.alloc(0),
};

export function cellForm(kind: number, parts: Partial<Omit<CellForm, 'kind'>>): CellForm {
  return { ...PLAIN, ...parts, kind };
}

/** The first of the letters that are changed, for `argument`. */
export function changedLetters(toCase: CellField['case']): number {
  if (toCase === null) return 0;
  return toCase === 'lower' ? UPPER_A : LOWER_A;
}
