import { type FieldSchema, type RecordSchema, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import { type CellPlan, widerPlan } from '../../src/rows/index.ts';
import { orderToKeep, takeOrder } from '../../src/values/ordered-row.ts';
import { shownText } from '../../src/values/shown.ts';
import { derivedSchema } from './derived-schema.ts';
import { fieldOf, requireRow, withFields } from './row.ts';

/**
 * Adds fields at the end of the row and, where there is one, of its schema. A field that the row has already is filled
 * when nothing is in it; a value that is there is never written over: the row is rejected.
 */
export class FieldAdder {
  readonly #fields: readonly FieldSchema[];
  readonly #needsOrder: boolean;
  readonly #widened: (schema: RecordSchema | null) => RecordSchema | null;

  constructor(fields: readonly FieldSchema[]) {
    this.#fields = fields;
    this.#needsOrder = orderToKeep(fields.map(({ name }) => name)) !== null;
    this.#widened = derivedSchema((schema) => widen(schema, fields));
  }

  /** Puts values into a record's row, one for each field in their order; null stands for "nothing to add". */
  add(record: SourceRecord, values: readonly unknown[]): SourceRecord {
    const row = requireRow(record.value, 'value');
    const schema = this.#widened(record.valueSchema);
    const added: [string, unknown][] = [];
    this.#fields.forEach(({ name }, at) => {
      const value = values[at] ?? null;
      if (!Object.hasOwn(row, name)) added.push([name, value]);
      else if (!isNothing(fieldOf(row, name)))
        throw duplicate(`the row has a value in field ${shownText(name)} already`);
      else if (value !== null) added.push([name, value]);
    });
    // Not in place: several records that a transformation made of one row may share it.
    // A new name that an object puts first is kept behind the others.
    record.value = this.#needsOrder ? withFields(row, added) : { ...row, ...Object.fromEntries(added) };
    takeOrder(record.value, row);
    record.valueSchema = schema;
    return record;
  }

  /** The plan with a cell for each field at the end of the row; null where the row has one of them already. */
  plan(before: CellPlan): CellPlan | null {
    const wider = widerPlan(before, this.#fields);
    return wider === null ? null : { ...wider.plan, valueSchema: this.#widened(before.valueSchema) };
  }
}

/** Whether a field holds what an empty cell becomes. */
export function isNothing(value: unknown): boolean {
  return value === null || value === '';
}

function widen(schema: RecordSchema, added: readonly FieldSchema[]): RecordSchema {
  const missing = added.filter((field) => {
    const known = schema.fields.find(({ name }) => name === field.name);
    if (known === undefined || known.type === field.type) return known === undefined;
    const types = `of type ${known.type} already, expected ${field.type}`;
    throw duplicate(`the schema has a field ${shownText(field.name)} ${types}`);
  });
  return missing.length === 0 ? schema : { ...schema, fields: [...schema.fields, ...missing] };
}

function duplicate(problem: string): RowError {
  return new RowError('DuplicateField', `${problem}; rename or drop one of the two`);
}
