import { defineConfig, defineTransformation, type RecordHeader, RowError } from '../../src/plugin/index.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../connect/derived-schema.ts';
import { emptyListProblems } from '../connect/list-problems.ts';
import type { Operand } from '../connect/operand.ts';
import { fieldOf, requireRow } from '../connect/row.ts';

const config = defineConfig({
  fields: { doc: 'The fields.', format: 'list', required: true },
  headers: { doc: 'The headers, one for each field, in the same order.', format: 'list', required: true },
  operation: {
    doc: 'Whether the fields are taken out (move) or stay (copy).',
    format: ['move', 'copy'],
    required: true,
  },
});

export function headerFrom(operand: Operand) {
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
    create({ fields, headers, operation }) {
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
          const row = requireRow(operand.get(record), operand.side);
          const schema = operand.schemaOf(record);
          const added = fields.map((field, i) => {
            if (schema !== null && !schemaOfField(schema, field))
              throw new RowError('UnknownField', `value: the schema has no field ${JSON.stringify(field)}`);
            return { name: headers[i] as string, value: headerValue(fieldOf(row, field)) };
          });
          record.headers = [...record.headers, ...added];
          if (moved.size === 0) return record;
          const kept = Object.entries(row).filter(([name]) => !moved.has(name));
          return operand.set(record, Object.fromEntries(kept), without(schema));
        },
      };
    },
  });
}

/** What Connect's SimpleHeaderConverter writes: text as it is, anything with parts as JSON. */
function headerValue(value: unknown): RecordHeader['value'] {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? JSON.rawJSON(inner.toString()) : inner,
  );
}
