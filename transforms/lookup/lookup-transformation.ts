import {
  type FieldSchema,
  RowError,
  type SourceRecord,
  type Transformation,
} from '../../src/plugin/index.ts';
import { fieldOf, requireRow, shown } from '../connect/row.ts';
import { type AddFields, fieldAdder, isNothing } from '../enrich/add-fields.ts';
import type { ReloadingTable } from './reloading-table.ts';

export interface LookupOptions {
  readonly key: string;
  readonly fields: readonly string[];
  readonly rejectMissing: boolean;
}

const NO_MATCH: readonly null[] = [];

/** Adds to each row what the table has for its key. */
export class LookupTransformation implements Transformation {
  readonly #table: ReloadingTable;
  readonly #options: LookupOptions;
  readonly #add: AddFields;

  constructor(table: ReloadingTable, options: LookupOptions) {
    this.#table = table;
    this.#options = options;
    this.#add = fieldAdder(
      options.fields.map((name): FieldSchema => ({ name, type: 'string', optional: true })),
    );
  }

  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const { key, rejectMissing } = this.#options;
    const value = fieldOf(requireRow(record.value, 'value'), key);
    const match = isNothing(value) ? undefined : this.#table.rows.get(String(value));
    if (match === undefined && rejectMissing) throw this.#missed(value);
    return this.#add(record, match ?? NO_MATCH);
  }

  close(): void {
    this.#table.close();
  }

  #missed(value: unknown): RowError {
    const { key } = this.#options;
    const what = isNothing(value) ? 'the row has no value to look up' : `no row for ${shown(value)}`;
    return new RowError('LookupMissed', `${key}: ${what} in ${this.#table.path}`);
  }
}
