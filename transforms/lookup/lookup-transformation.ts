import type { FieldSchema, RowError, SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { rowError } from '../../src/values/shown.ts';
import { FieldAdder, isNothing } from '../shared/add-fields.ts';
import { fieldOf, requireRow } from '../shared/row.ts';
import { LookupCells } from './lookup-cells.ts';
import type { ReloadingTable } from './reloading-table.ts';

export interface LookupOptions {
  readonly key: string;
  readonly fields: readonly string[];
  readonly rejectMissing: boolean;
}

const NO_MATCH: readonly null[] = [];

/** Adds to each row what the table has for its key. */
export class LookupTransformation implements CellTransformation {
  readonly #table: ReloadingTable;
  readonly #options: LookupOptions;
  readonly #adder: FieldAdder;

  constructor(table: ReloadingTable, options: LookupOptions) {
    this.#table = table;
    this.#options = options;
    this.#adder = new FieldAdder(
      options.fields.map((name): FieldSchema => ({ name, type: 'string', optional: true })),
    );
  }

  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const { key, rejectMissing } = this.#options;
    const value = fieldOf(requireRow(record.value, 'value'), key);
    const match = isNothing(value) ? undefined : this.#table.rows.get(String(value));
    if (match === undefined && rejectMissing) throw this.#missed(value);
    return this.#adder.add(record, match ?? NO_MATCH);
  }

  compileCells(before: CellPlan): CellStage | null {
    const { key, rejectMissing } = this.#options;
    const field = before.fields.find(({ name }) => name === key);
    const after = this.#adder.plan(before);
    if (field === undefined || after === null) return null;
    return new LookupCells({ before, after }, field, this.#table, rejectMissing);
  }

  close(): void {
    this.#table.close();
  }

  #missed(value: unknown): RowError {
    const { key } = this.#options;
    return rowError('LookupMissed', (show) => {
      const what = isNothing(value) ? 'the row has no value to look up' : `no row for ${show(String(value))}`;
      return `${key}: ${what} in ${this.#table.path}`;
    });
  }
}
