import {
  type FieldSchema,
  type RecordSchema,
  RowError,
  type SourceRecord,
  type Transformation,
} from '../../src/plugin/index.ts';
import { entriesOf, orderedRow } from '../../src/values/ordered-row.ts';
import { shownText } from '../../src/values/shown.ts';
import { isNothing } from '../shared/add-fields.ts';
import { derivedSchema, schemaWith } from '../shared/derived-schema.ts';
import { requireRow } from '../shared/row.ts';

interface UnpivotOptions {
  /** Whether a field becomes a record, by its name. */
  readonly isOne: (name: string) => boolean;
  readonly name: string;
  readonly value: string;
  readonly includeNulls: boolean;
}

/** Makes records of the fields of a row. */
export class UnpivotTransformation implements Transformation {
  readonly #options: UnpivotOptions;
  readonly #narrowed: (schema: RecordSchema | null) => RecordSchema | null;

  constructor(options: UnpivotOptions) {
    this.#options = options;
    this.#narrowed = derivedSchema((schema) => schemaWith(schema, fieldsAfter(schema.fields, options)));
  }

  /** @throws RowError where no field becomes a record, or a field that is left has the name of one that is added */
  apply(record: SourceRecord): SourceRecord | readonly SourceRecord[] {
    if (record.value === null) return record;
    const { isOne, name, value, includeNulls } = this.#options;
    const entries = entriesOf(requireRow(record.value, 'value'));
    const left = entries.filter(([field]) => !isOne(field));
    if (left.length === entries.length) throw noField();
    const twice = left.find(([field]) => field === name || field === value);
    if (twice !== undefined)
      throw new RowError(
        'DuplicateField',
        `the row has a field ${shownText(twice[0])} already; set name or value`,
      );
    const valueSchema = this.#narrowed(record.valueSchema);
    return entries
      .filter(([field, its]) => isOne(field) && (includeNulls || !isNothing(its)))
      .map(([field, its]) => ({
        ...record,
        headers: [...record.headers],
        value: orderedRow([...left, [name, field], [value, its]]),
        valueSchema,
      }));
  }
}

function fieldsAfter(
  fields: readonly FieldSchema[],
  { isOne, name, value }: UnpivotOptions,
): readonly FieldSchema[] {
  const ones = fields.filter((field) => isOne(field.name));
  const [first] = ones;
  if (first === undefined) throw noField();
  const other = ones.find((field) => typeText(field) !== typeText(first));
  if (other !== undefined) {
    const types = `${shownText(first.name)} is ${typeText(first)}, ${shownText(other.name)} ${typeText(other)}`;
    throw new RowError('TypesDiffer', `expected fields of one type to make one field of, but ${types}`);
  }
  return [
    ...fields.filter((field) => !isOne(field.name)),
    { name, type: 'string', optional: false },
    { ...typeOf(first), name: value, optional: ones.some(({ optional }) => optional) },
  ];
}

/** What a field says of its values. */
function typeOf({
  name: _name,
  optional: _optional,
  default: _default,
  doc: _doc,
  within: _within,
  avro: _avro,
  ...type
}: FieldSchema) {
  return type;
}

function typeText(field: FieldSchema): string {
  const { type, ...more } = typeOf(field);
  return Object.keys(more).length === 0 ? type : `${type} ${JSON.stringify(more)}`;
}

function noField(): RowError {
  return new RowError('NoSuchField', 'expected a field that is one of columns in the row');
}
