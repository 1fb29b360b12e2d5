import { type ConfigProblem, defineConfig, defineTransformation, RowError } from '../../src/plugin/index.ts';
import { schemaOfField } from '../connect/derived-schema.ts';
import type { Operand } from '../connect/operand.ts';
import { fieldOf, isRow, requireRow } from '../connect/row.ts';
import { fieldPath } from './field-path.ts';

const config = defineConfig({
  field: { doc: 'The field.', format: 'string', required: true },
  fieldSyntaxVersion: {
    doc: `V1 takes \`field\` for a name as it stands; V2 for a path whose names are separated by dots, with backquotes \
around a name that has dots in it.`,
    format: ['V1', 'V2'],
    default: 'V1',
  },
});

export function extractField(operand: Operand) {
  return defineTransformation({
    name: `ExtractField$${operand.suffix}`,
    doc: `Makes the ${operand.side} that of one of its fields. A tombstone passes, and a field that is not there gives \
null, or rejects the row when there is a schema.`,
    config,
    *check({ field, fieldSyntaxVersion }): Iterable<ConfigProblem> {
      const path = fieldSyntaxVersion === 'V2' ? fieldPath(field) : [field];
      if (typeof path === 'string') yield { key: 'field', message: path };
    },
    create({ field, fieldSyntaxVersion }) {
      const path = fieldSyntaxVersion === 'V2' ? fieldPath(field) : [field];
      const names = typeof path === 'string' ? [field] : path;
      return {
        apply(record) {
          let value: unknown = operand.get(record) ?? null;
          const schema = operand.schemaOf(record);
          if (schema !== null && schemaOfField(schema, names[0] as string) === null)
            throw new RowError('UnknownField', `value: the schema has no field ${JSON.stringify(field)}`);
          if (value !== null) value = fieldOf(requireRow(value, operand.side), names[0] as string);
          for (const name of names.slice(1)) value = isRow(value) ? fieldOf(value, name) : null;
          return operand.set(record, value, null);
        },
      };
    },
  });
}
