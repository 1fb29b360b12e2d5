import { type RecordSchema, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { orderedRow } from '../../src/values/ordered-row.ts';
import { shownText } from '../../src/values/shown.ts';
import { derivedSchema } from '../shared/derived-schema.ts';
import { requireRow } from '../shared/row.ts';
import type { Selected } from './index.ts';

/** Leaves fields in an order of their own: cells stay where they are, and only the plan is another. */
export class SelectTransformation implements CellTransformation {
  readonly #selection: readonly Selected[];
  readonly #selected: (schema: RecordSchema | null) => RecordSchema | null;

  constructor(selection: readonly Selected[]) {
    this.#selection = selection;
    this.#selected = derivedSchema((schema) => {
      const fields = selection.map(({ from, to }) => {
        const field = schema.fields.find(({ name }) => name === from);
        if (field === undefined) throw lacking(from, 'schema');
        return from === to ? field : { ...field, name: to };
      });
      return { ...schema, fields };
    });
  }

  /** @throws RowError where the row lacks one of the fields */
  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const row = requireRow(record.value, 'value');
    const schema = this.#selected(record.valueSchema);
    record.value = orderedRow(
      this.#selection.map(({ from, to }) => {
        if (!Object.hasOwn(row, from)) throw lacking(from, 'row');
        return [to, row[from]] as const;
      }),
    );
    record.valueSchema = schema;
    return record;
  }

  compileCells(before: CellPlan): CellStage | null {
    const found = this.#selection.map(({ from, to }) => {
      const field = before.fields.findLast(({ name }) => name === from);
      return field && { ...field, name: to };
    });
    const fields = found.filter((field) => field !== undefined);
    if (fields.length < found.length) return null;
    const plan = { ...before, fields, valueSchema: this.#selected(before.valueSchema) };
    return { plan, takes: (_cells, _from, to) => to };
  }
}

function lacking(field: string, where: string): RowError {
  return new RowError('NoSuchField', `expected a field ${shownText(field)} in the ${where}`);
}
