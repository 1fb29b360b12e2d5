import {
  type BatchCells,
  type CellField,
  type CellPlan,
  type CellStage,
  type Cells,
  rowByRow,
} from '../../src/rows/index.ts';
import { CellCache } from '../shared/cell-cache.ts';
import { cellText } from '../shared/cell-text.ts';
import type { SequenceChecker } from './sequence-checker.ts';
import type { Sequence } from './sequences.ts';

const MINUS = 0x2d;
const ZERO = 0x30;
/** So many are exact in a number. */
const MAX_DIGITS = 15;

interface KeyCell {
  readonly column: number;
  readonly text: ReturnType<typeof cellText>;
}

/** Reads number and key from cells, which stay as they are. */
export class SequenceCells implements CellStage {
  readonly plan: CellPlan;
  readonly #number: number;
  readonly #keys: readonly KeyCell[];
  readonly #checker: SequenceChecker;
  /** Of keys of one field. */
  readonly #known = new CellCache<Sequence>();

  constructor(plan: CellPlan, number: CellField, keys: readonly CellField[], checker: SequenceChecker) {
    this.plan = plan;
    this.#number = number.column;
    this.#keys = keys.map((field) => ({ column: field.column, text: cellText(field) }));
    this.#checker = checker;
  }

  takes(cells: BatchCells, from: number, to: number): number {
    return rowByRow(from, to, (row) => this.#take(cells, row));
  }

  #take(cells: BatchCells, row: number): boolean {
    const first = 2 * row * this.plan.width;
    const number = wholeCell(cells, first + 2 * this.#number);
    if (Number.isNaN(number)) return false;
    const sequence = this.#keys.length === 1 ? this.#findByOne(cells, first) : this.#findByAll(cells, first);
    if (sequence === undefined) return false;
    const step = sequence?.compare(number) ?? null;
    // Before anything is counted: `apply` will do all of it.
    if (this.#checker.rejects(step)) return false;
    this.#checker.take(sequence, number, step, cells.origin(row));
    return true;
  }

  /** undefined when the row has no key; null when there is no room for its sequence. */
  #findByOne({ bytes, bounds }: Cells, first: number): Sequence | null | undefined {
    const { column, text } = this.#keys[0] as KeyCell;
    const start = bounds[first + 2 * column] as number;
    const end = bounds[first + 2 * column + 1] as number;
    const known = this.#known.get(bytes, start, end);
    if (known !== undefined) return known;
    const key = text(bytes, start, end);
    if (key === null) return undefined;
    const sequence = this.#checker.sequenceOf([key]);
    if (sequence !== null) this.#known.set(bytes, start, end, sequence);
    return sequence;
  }

  #findByAll({ bytes, bounds }: Cells, first: number): Sequence | null | undefined {
    const texts: string[] = [];
    for (const { column, text } of this.#keys) {
      const at = first + 2 * column;
      const part = text(bytes, bounds[at] as number, bounds[at + 1] as number);
      if (part === null) return undefined;
      texts.push(part);
    }
    return this.#checker.sequenceOf(texts);
  }
}

/** The whole number of a cell; NaN for one of another form, or of more digits, which may be a number all the same. */
function wholeCell({ bytes, bounds }: Cells, at: number): number {
  const start = bounds[at] as number;
  const end = bounds[at + 1] as number;
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  if (end <= first || end - first > MAX_DIGITS) return Number.NaN;
  let number = 0;
  for (let i = first; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return isNegative ? -number : number;
}
