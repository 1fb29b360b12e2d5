import { defineConfig, defineTransformation } from '../../src/plugin/index.ts';
import { entriesOf, orderedRow } from '../../src/values/ordered-row.ts';
import { isRow, type Row, requireRow } from '../shared/row.ts';
import { withDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  delimiter: { doc: 'What stands between the names.', format: 'string', default: '.' },
});

function flatten(operand: Operand) {
  return defineTransformation({
    name: `Flatten$${operand.suffix}`,
    doc: `Makes fields of objects within the ${operand.side} fields of the ${operand.side} itself, their names joined: \
\`{"a": {"b": 1}}\` becomes \`{"a.b": 1}\`. Lists stay as they are, and a tombstone passes.`,
    config,
    fieldUse: () => valueUse(operand, { key: '', names: [] }, () => null),
    create: ({ delimiter }) => ({
      apply(record) {
        const value = operand.get(record) ?? null;
        if (value === null) return record;
        const schema = operand.schemaOf(record);
        const row = withDefaults(requireRow(value, operand.side), schema);
        // A schema's own fields are flat, so they are the same ones after.
        return operand.set(record, orderedRow(flatFields(row, '', delimiter)), schema);
      },
    }),
  });
}

function flatFields(row: Row, prefix: string, delimiter: string): [string, unknown][] {
  return entriesOf(row).flatMap(([name, value]): [string, unknown][] =>
    isRow(value) ? flatFields(value, prefix + name + delimiter, delimiter) : [[prefix + name, value]],
  );
}

export const key = flatten(KEY);
export const value = flatten(VALUE);
