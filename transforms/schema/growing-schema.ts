import { type RecordSchema, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { type CompiledField, compileFields } from './compile-fields.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { SchemaTransformation } from './schema-transformation.ts';

/** Readers learn each of them: rows that have no two columns alike are no file's. */
const MOST_SCHEMAS = 1000;
const ADDED: FieldDeclaration = { type: 'string', optional: true };

/**
 * A schema to which the columns that it does not know are added, as text that may be empty. Which ones are is a matter of
 * the columns alone, and they are in the order of their names: so every task, and one that starts again, makes the same
 * schema of the same columns.
 */
export class GrowingSchema implements CellTransformation {
  readonly #record: Omit<RecordSchema, 'fields'>;
  readonly #fields: readonly CompiledField[];
  readonly #common: FieldDeclaration;
  readonly #tellsNulls: boolean;
  readonly #known: ReadonlySet<string>;
  /** By the columns that are added. */
  readonly #made = new Map<string, SchemaTransformation>();

  /** @param common settings that hold for added columns, too */
  constructor(
    record: Omit<RecordSchema, 'fields'>,
    fields: readonly CompiledField[],
    common: FieldDeclaration,
    tellsNulls: boolean,
  ) {
    this.#tellsNulls = tellsNulls;
    this.#record = record;
    this.#fields = fields;
    this.#common = common;
    this.#known = new Set(
      fields.flatMap(({ schema, column, template }) => [
        schema.name,
        ...(template === null ? [column] : template.columns),
      ]),
    );
  }

  apply(record: SourceRecord): SourceRecord {
    const { value } = record;
    const isRow = typeof value === 'object' && value !== null && !Array.isArray(value);
    return this.#with(isRow ? Object.keys(value) : []).apply(record);
  }

  compileCells(plan: CellPlan): CellStage | null {
    return this.#with(plan.fields.map(({ name }) => name)).compileCells(plan);
  }

  #with(columns: readonly string[]): SchemaTransformation {
    const added = columns.filter((name) => !this.#known.has(name)).sort();
    const key = added.length === 0 ? '' : JSON.stringify(added);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    if (this.#made.size === MOST_SCHEMAS) {
      const message = `new columns have made ${MOST_SCHEMAS} schemas of one, and would make another; set new.columns: ignored`;
      throw new RowError('TooManySchemas', message);
    }
    const fields = [...this.#fields, ...this.#compiled(added)];
    const made = new SchemaTransformation(this.#record, fields, this.#tellsNulls);
    this.#made.set(key, made);
    return made;
  }

  #compiled(added: readonly string[]): CompiledField[] {
    const declared = new Map(added.map((name) => [name, ADDED]));
    return compileFields(new Map(), declared, null, this.#common).map((field) => ({
      ...field,
      schema: { ...field.schema, added: true },
    }));
  }
}
