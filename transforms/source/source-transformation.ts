import type { SourceFile, SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { FieldAdder } from '../shared/add-fields.ts';
import type { SourceField } from './source-fields.ts';

/** Adds to each row where it came from. */
export class SourceTransformation implements CellTransformation {
  readonly #fields: readonly SourceField[];
  readonly #adder: FieldAdder;

  constructor(fields: readonly SourceField[]) {
    this.#fields = fields;
    this.#adder = new FieldAdder(fields.map(({ schema }) => schema));
  }

  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    return this.#adder.add(
      record,
      this.#fields.map(({ read }) => read(record.origin)),
    );
  }

  compileCells(before: CellPlan, file: SourceFile): CellStage | null {
    const plan = this.#adder.plan(before);
    // Half of a surrogate pair has no UTF-8.
    if (plan === null || !file.path.isWellFormed()) return null;
    const setters = this.#fields.map(({ cell }) => cell());
    return {
      plan,
      takes(cells, from, to) {
        for (let row = from; row < to; row++) {
          const origin = cells.origin(row);
          let at = 2 * (row * plan.width + before.width);
          for (const set of setters) {
            set(cells, at, origin);
            at += 2;
          }
        }
        return to;
      },
    };
  }
}
