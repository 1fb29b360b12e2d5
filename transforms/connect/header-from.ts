import { defineConfig, defineTransformation, type RecordSchema, RowError } from '../../src/plugin/index.ts';
import { entriesOf, exactLong, jsonInOrder, orderedRow } from '../../src/values/ordered-row.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { emptyListProblems } from '../shared/list-problems.ts';
import { fieldOf, type Row } from '../shared/row.ts';
import { numberText } from './shared/java-text.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  fields: { doc: 'The fields.', format: 'list', required: true },
  headers: { doc: 'The headers, one for each field, in the same order.', format: 'list', required: true },
  operation: {
    doc: 'Whether the fields are taken out (move) or stay (copy).',
    format: ['move', 'copy'],
    required: true,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

function headerFrom(operand: Operand) {
  return defineTransformation({
    name: `HeaderFrom$${operand.suffix}`,
    doc: `Copies or moves fields of the ${operand.side} into headers, as text. A tombstone rejects the row.`,
    config,
    *check({ fields, headers }) {
      yield* emptyListProblems('fields', fields);
      if (fields.length !== headers.length) {
        const message = `expected as many headers as fields, ${fields.length}, got ${headers.length}`;
        yield { key: 'headers', message };
      }
    },
    fieldUse: ({ fields, operation }) =>
      valueUse(operand, { key: 'fields', names: fields }, (before) =>
        operation === 'move' ? (before?.filter((name) => !fields.includes(name)) ?? null) : before,
      ),
    create({ fields, headers, operation, replaceNullWithDefault }) {
      const moved = new Set(operation === 'move' ? fields : []);
      const without = derivedSchema((schema) =>
        moved.size === 0
          ? schema
          : schemaWith(
              schema,
              schema.fields.filter(({ name }) => !moved.has(name)),
            ),
      );
      return {
        apply(record) {
          const schema = operand.schemaOf(record);
          const row = rowWithDefaults(operand, record, replaceNullWithDefault);
          const added = fields.map((field, i) => {
            return { name: headers[i] as string, value: headerText(row, field, schema) };
          });
          record.headers = [...record.headers, ...added];
          if (moved.size === 0) return record;
          const kept = entriesOf(row).filter(([name]) => !moved.has(name));
          return operand.set(record, orderedRow(kept), without(schema));
        },
      };
    },
  });
}

/** What Connect's SimpleHeaderConverter writes: text as it is, bytes in base64, anything with parts as JSON. */
function headerText(row: Row, field: string, schema: RecordSchema | null): string | null {
  const value = fieldOf(row, field);
  const type = schemaOfField(schema, field)?.type ?? null;
  if (schema !== null && type === null)
    throw new RowError('UnknownField', `value: the schema has no field ${JSON.stringify(field)}`);
  if (value === null) return null;
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value, type);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object') return String(value);
  return jsonInOrder(value, exactLong) ?? null;
}

export const key = headerFrom(KEY);
export const value = headerFrom(VALUE);
