import { defineConfig, defineTransformation, type FieldSchema } from '../../../src/plugin/index.ts';
import { derivedSchema, schemaOfField, schemaWith } from '../shared/derived-schema.ts';
import { emptyListProblems } from '../shared/list-problems.ts';
import { REPLACE_NULL, withDefaults } from '../shared/null-default.ts';
import type { Operand } from '../shared/operand.ts';
import { fieldOf, requireRow, withFields } from '../shared/row.ts';
import { valueUse } from '../shared/value-use.ts';
import { maskOf } from './mask.ts';

const config = defineConfig({
  fields: { doc: 'The fields to mask.', format: 'list', required: true },
  replacement: {
    doc: `What to write instead, as the type of the field: text or a number. By default nothing: 0, false, an empty \
text or list, the first moment of 1970.`,
    format: 'string',
    default: null,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

export function maskField(operand: Operand) {
  return defineTransformation({
    name: `MaskField$${operand.suffix}`,
    doc: `Writes something that says nothing over fields of the ${operand.side}. A null stays null, and an enum becomes \
a string. A tombstone rejects the row.`,
    config,
    *check({ fields, replacement }) {
      yield* emptyListProblems('fields', fields);
      if (replacement === '') yield { key: 'replacement', message: 'expected some text, got nothing' };
    },
    fieldUse: ({ fields }) => valueUse(operand, { key: 'fields', names: fields }),
    create({ fields, replacement, replaceNullWithDefault }) {
      const masked = new Set(fields);
      const retyped = derivedSchema((schema) =>
        schema.fields.some((field) => field.type === 'enum' && masked.has(field.name))
          ? schemaWith(
              schema,
              schema.fields.map((field) => (masked.has(field.name) ? withoutSymbols(field) : field)),
            )
          : schema,
      );
      return {
        apply(record) {
          const schema = operand.schemaOf(record);
          const given = requireRow(operand.get(record), operand.side);
          const row = replaceNullWithDefault ? withDefaults(given, schema) : given;
          const masks: [string, unknown][] = [];
          for (const name of masked) {
            const field = schemaOfField(schema, name);
            if (schema !== null && field === null) continue;
            masks.push([name, maskOf(fieldOf(row, name), field?.type ?? null, replacement, name)]);
          }
          return operand.set(record, withFields(row, masks), retyped(schema));
        },
      };
    },
  });
}

/** What is written over an enum need not be one of its symbols. */
function withoutSymbols(field: FieldSchema): FieldSchema {
  if (field.type !== 'enum') return field;
  const { symbols: _, ...rest } = field;
  return { ...rest, type: 'string' };
}
