import type { FieldSchema, SourceRecord } from '../../src/plugin/index.ts';
import type { BatchCells, CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { entriesOf, namesOf } from '../../src/values/ordered-row.ts';
import { FieldAdder } from '../shared/add-fields.ts';
import { SharedTexts } from '../shared/shared-texts.ts';

/** Adds the same texts to each row. */
export class ConstantsTransformation implements CellTransformation {
  readonly #texts: readonly string[];
  readonly #adder: FieldAdder;

  constructor(fields: Readonly<Record<string, string>>) {
    this.#texts = entriesOf(fields).map(([, text]) => text);
    this.#adder = new FieldAdder(
      namesOf(fields).map((name): FieldSchema => ({ name, type: 'string', optional: false })),
    );
  }

  apply(record: SourceRecord): SourceRecord {
    return record.value === null ? record : this.#adder.add(record, this.#texts);
  }

  compileCells(before: CellPlan): CellStage | null {
    const plan = this.#adder.plan(before);
    // Half of a surrogate pair has no UTF-8.
    if (plan === null || !this.#texts.every((text) => text.isWellFormed())) return null;
    const texts = new SharedTexts(this.#texts);
    let batch: BatchCells | null = null;
    return {
      plan,
      takes(cells, from, to) {
        if (batch !== cells) {
          batch = cells;
          texts.writeTo(cells);
        }
        for (let row = from; row < to; row++) texts.set(cells.bounds, 2 * (row * plan.width + before.width));
        return to;
      },
    };
  }
}
