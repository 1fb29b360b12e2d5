import { defineConfig, defineTransformation } from '../../src/plugin/index.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  field: { doc: 'Name of the one field of the object.', format: 'string', required: true },
});

function hoistField(operand: Operand) {
  return defineTransformation({
    name: `HoistField$${operand.suffix}`,
    doc: `Wraps the whole ${operand.side} in an object of one field. A schema has no place for what is wrapped: the \
result has none.`,
    config,
    fieldUse: ({ field }) => valueUse(operand, { key: 'field', names: [] }, () => [field]),
    create: ({ field }) => ({
      apply: (record) =>
        operand.set(record, Object.fromEntries([[field, operand.get(record) ?? null]]), null),
    }),
  });
}

export const key = hoistField(KEY);
export const value = hoistField(VALUE);
