import { type FieldSchema, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { rowError, shownText } from '../../src/values/shown.ts';
import { FieldAdder } from '../shared/add-fields.ts';
import { requireRow } from '../shared/row.ts';

/** Splits the text of a field into several. */
export class SplitTransformation implements CellTransformation {
  readonly #field: string;
  readonly #delimiter: string;
  readonly #into: readonly string[];
  readonly #adder: FieldAdder;

  constructor(field: string, delimiter: string, into: readonly string[]) {
    this.#field = field;
    this.#delimiter = delimiter;
    this.#into = into;
    this.#adder = new FieldAdder(into.map((name): FieldSchema => ({ name, type: 'string', optional: true })));
  }

  /** @throws RowError where there are more parts than fields, or fewer */
  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const row = requireRow(record.value, 'value');
    if (!Object.hasOwn(row, this.#field))
      throw new RowError('NoSuchField', `expected a field ${shownText(this.#field)} in the row`);
    return this.#adder.add(record, this.#partsOf(row[this.#field] ?? ''));
  }

  /** The parts stand in the cell already. */
  compileCells(before: CellPlan): CellStage | null {
    const plan = this.#adder.plan(before);
    const field = before.fields.findLast(({ name }) => name === this.#field);
    if (plan === null || field === undefined || field.case !== null || field.empty) return null;
    const delimiter = Buffer.from(this.#delimiter);
    const parts = this.#into.length;
    return {
      plan,
      takes({ bytes, bounds }, from, to) {
        for (let row = from; row < to; row++) {
          const first = 2 * row * plan.width;
          const [start, end] = [bounds[first + 2 * field.column], bounds[first + 2 * field.column + 1]] as [
            number,
            number,
          ];
          const own = first + 2 * before.width;
          if (start === end) bounds.fill(start, own, own + 2 * parts);
          else if (!setParts(bytes, bounds, own, parts, start, end, delimiter)) return row;
        }
        return to;
      },
    };
  }

  #partsOf(value: unknown): readonly (string | null)[] {
    if (value === '') return this.#into.map(() => null);
    if (typeof value === 'object')
      throw new RowError(
        'NoText',
        `field ${shownText(this.#field)}: expected text, a number or a time in it`,
      );
    const parts = String(value).split(this.#delimiter);
    if (parts.length === this.#into.length) return parts.map((part) => (part === '' ? null : part));
    throw rowError(
      'WrongPartCount',
      (show) =>
        `field ${shownText(this.#field)}: expected ${this.#into.length} parts with ${shownText(this.#delimiter)} between them, got ` +
        `${parts.length} in ${show(value)}`,
    );
  }
}

/** Sets the cells of all parts from `at` on; false where there are not as many. */
function setParts(
  bytes: Buffer,
  bounds: Uint32Array,
  at: number,
  parts: number,
  start: number,
  end: number,
  delimiter: Buffer,
): boolean {
  let begin = start;
  for (let part = 0; part < parts; part++) {
    const length = bytes.subarray(begin, end).indexOf(delimiter);
    const isLast = length < 0;
    if (isLast !== (part === parts - 1)) return false;
    bounds[at + 2 * part] = begin;
    bounds[at + 2 * part + 1] = isLast ? end : begin + length;
    begin += length + delimiter.length;
  }
  return true;
}
