import type { RecordSchema } from '../../src/plugin/index.ts';
import type { BatchCells, CellField, CellPlan, CellStage } from '../../src/rows/index.ts';
import { innerRecordsOf } from '../../src/values/schema-shape.ts';
import { type CheckedField, CheckKernel } from './check-kernel.ts';
import type { CompiledField } from './compile-fields.ts';
import { TranslatedCells, type TranslatedField } from './translated-cells.ts';

/** Checks the cells of rows by a schema, for rows in which each is in its plain form or has one. */
export class SchemaCells implements CellStage {
  readonly plan: CellPlan;
  readonly #checks: CheckKernel;
  /** Of fields whose cells must be translated before they are checked; null where there are none. */
  readonly #always: TranslatedCells | null;
  /** Of those whose cells must be where they are not plain. */
  readonly #otherwise: TranslatedCells | null;

  private constructor(plan: CellPlan, checks: CheckKernel, translated: readonly TranslatedField[]) {
    this.plan = plan;
    this.#checks = checks;
    this.#always = TranslatedCells.of(translated.filter(({ field }) => field.translates === 'all'));
    this.#otherwise = TranslatedCells.of(translated.filter(({ field }) => field.translates === 'some'));
  }

  /** null when a field has no plain form, or a column that it needs is not in the file. */
  static compile(
    before: CellPlan,
    schema: RecordSchema,
    fields: readonly CompiledField[],
  ): SchemaCells | null {
    // Rows that another stage has typed already come in forms that are not the file's.
    if (before.valueSchema !== null) return null;
    // The key and the time of a record stay what they were read as.
    if (before.key !== null || before.timestamp !== null) return null;
    const checked: CheckedField[] = [];
    const planned: CellField[] = [];
    const translated: TranslatedField[] = [];
    let { width } = before;
    for (const compiled of fields) {
      const { schema: field, trim, case: toCase, cellCheck: check, nothing, nullValues } = compiled;
      const sources = (compiled.template?.columns ?? [compiled.column]).map((name) => columnOf(before, name));
      if (sources.includes(NO_COLUMN) || check === null) return null;
      const column = compiled.template === null ? (sources[0] as number) : width++;
      // Whether it must be there depends on other cells.
      if (innerRecordsOf(field).some(({ optional }) => optional)) return null;
      // Symbols are compared in ASCII anyway.
      const asciiOnly = toCase !== null && field.type !== 'enum';
      const optional = nothing !== undefined;
      checked.push({ column, trim, asciiOnly, optional, nullWords: nullValues, check });
      planned.push({ name: field.name, column, type: field.type, empty: nothing ?? null, case: toCase });
      if (compiled.translates !== null) translated.push({ field: compiled, column, sources });
    }
    // A cell that is translated is one field's alone.
    if (translated.some((field) => checked.filter(({ column }) => column === field.column).length > 1))
      return null;
    const plan = { ...before, width, valueSchema: schema, fields: planned };
    // Templates first: cells that they are made of may be other fields' too.
    const inOrder = translated.toSorted((one, other) => other.column - one.column);
    return new SchemaCells(plan, new CheckKernel(checked, width), inOrder);
  }

  takes(cells: BatchCells, from: number, to: number): number {
    if (this.#always === null && this.#otherwise === null) return this.#checks.take(cells, from, to);
    for (let row = from; row < to; row++) {
      if (this.#always === null) row = this.#checks.take(cells, row, to);
      if (row < to && !this.#takesTranslated(cells, row)) return row;
    }
    return to;
  }

  #takesTranslated(cells: BatchCells, row: number): boolean {
    const first = 2 * row * this.plan.width;
    const isTaken = () => this.#checks.take(cells, row, row + 1) > row;
    const always = this.#always;
    if (always !== null && !always.translate(cells, first)) {
      always.restore(cells, first);
      return false;
    }
    if (always !== null && isTaken()) return true;
    const otherwise = this.#otherwise;
    if (otherwise?.translate(cells, first) && isTaken()) return true;
    otherwise?.restore(cells, first);
    always?.restore(cells, first);
    return false;
  }
}

const NO_COLUMN = -1;

function columnOf({ fields }: CellPlan, name: string): number {
  return fields.find((field) => field.name === name)?.column ?? NO_COLUMN;
}
