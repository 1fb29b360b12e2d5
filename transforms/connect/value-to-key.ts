import { defineConfig, defineTransformation, RowError } from '../../src/plugin/index.ts';
import { orderedRow } from '../../src/values/ordered-row.ts';
import { schemaOfField } from '../shared/derived-schema.ts';
import { emptyListProblems } from '../shared/list-problems.ts';
import { fieldOf, requireRow } from '../shared/row.ts';
import { REPLACE_NULL, withDefaults } from './shared/null-default.ts';
import { VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  fields: { doc: 'Fields of the value that make the key.', format: 'list', required: true },
  replaceNullWithDefault: REPLACE_NULL,
});

export default defineTransformation({
  name: 'ValueToKey',
  doc: `Makes the key an object of fields of the value. A field that the value lacks is null in the key, and rejects the \
row when the value has a schema.`,
  config,
  fieldUse: ({ fields }) => valueUse(VALUE, { key: 'fields', names: fields }, (before) => before),
  check: ({ fields }) => emptyListProblems('fields', fields),
  create: ({ fields, replaceNullWithDefault }) => ({
    apply(record) {
      const row = requireRow(record.value, 'value');
      const { valueSchema } = record;
      const unknown = fields.find((field) => valueSchema !== null && !schemaOfField(valueSchema, field));
      if (unknown !== undefined)
        throw new RowError('UnknownField', `value: the schema has no field ${JSON.stringify(unknown)}`);
      const read = replaceNullWithDefault ? withDefaults(row, valueSchema) : row;
      record.key = orderedRow(fields.map((field) => [field, fieldOf(read, field)] as const));
      return record;
    },
  }),
});
