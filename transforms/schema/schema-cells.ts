import type { RecordSchema } from '../../src/plugin/index.ts';
import type { CellField, CellPlan, CellStage, Cells } from '../../src/rows/index.ts';
import { innerRecordsOf } from '../../src/values/schema-shape.ts';
import { type CheckedField, CheckKernel } from './check-kernel.ts';
import type { CompiledField } from './compile-fields.ts';

/** Checks the cells of rows by a schema, for rows in which each is in its plain form. */
export class SchemaCells implements CellStage {
  readonly plan: CellPlan;
  readonly #checks: CheckKernel;

  private constructor(plan: CellPlan, checks: CheckKernel) {
    this.plan = plan;
    this.#checks = checks;
  }

  /** null when a field has no plain form, or a column that it needs is not in the file. */
  static compile(
    before: CellPlan,
    schema: RecordSchema,
    fields: readonly CompiledField[],
    nullValues: readonly string[],
  ): SchemaCells | null {
    // Rows that another stage has typed already come in forms that are not the file's.
    if (before.valueSchema !== null) return null;
    // The key and the time of a record stay what they were read as.
    if (before.key !== null || before.timestamp !== null) return null;
    const checked: CheckedField[] = [];
    const planned: CellField[] = [];
    for (const { schema: field, trim, case: toCase, cellCheck: check, nothing } of fields) {
      const column = before.fields.find(({ name }) => name === field.name)?.column;
      if (column === undefined || check === null) return null;
      // Whether it must be there depends on other cells.
      if (innerRecordsOf(field).some(({ optional }) => optional)) return null;
      // Symbols are compared in ASCII anyway.
      const asciiOnly = toCase !== null && field.type !== 'enum';
      checked.push({ column, trim, asciiOnly, optional: nothing !== undefined, check });
      planned.push({ name: field.name, column, type: field.type, empty: nothing ?? null, case: toCase });
    }
    const plan = { ...before, valueSchema: schema, fields: planned };
    return new SchemaCells(plan, new CheckKernel(checked, nullValues, before.width));
  }

  takes(cells: Cells, from: number, to: number): number {
    return this.#checks.take(cells, from, to);
  }
}
