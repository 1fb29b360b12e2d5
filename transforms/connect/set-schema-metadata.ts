import {
  addingFields,
  type ConfigProblem,
  type ConfigValues,
  defineConfig,
  defineTransformation,
  RowError,
} from '../../src/plugin/index.ts';
import { derivedSchema } from '../shared/derived-schema.ts';
import { isRow } from '../shared/row.ts';
import { REPLACE_NULL, withDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';

const config = defineConfig({
  schemaName: { doc: "The schema's full name, such as `market.Trade`.", format: 'string', default: null },
  schemaVersion: {
    doc: 'Taken as Kafka Connect takes it, and without effect: no converter here writes a version of its own.',
    format: 'int',
    default: null,
  },
  replaceNullWithDefault: REPLACE_NULL,
});

function setSchemaMetadata(operand: Operand) {
  return defineTransformation({
    name: `SetSchemaMetadata$${operand.suffix}`,
    doc: `Names the schema of the value. A value without a schema rejects the row; a tombstone without one passes. As \
keys have no schema, \`SetSchemaMetadata$Key\` is refused.`,
    config,
    check: (values) => problemsOf(values, operand),
    fieldUse: () => addingFields([]),
    create({ schemaName, replaceNullWithDefault }) {
      const named = derivedSchema((schema) =>
        schemaName === null ? schema : { ...schema, name: schemaName },
      );
      return {
        apply(record) {
          const value = operand.get(record) ?? null;
          const schema = operand.schemaOf(record);
          if (value === null && schema === null) return record;
          if (schema === null)
            throw new RowError('NoSchema', `${operand.side}: expected a schema to name, got none`);
          const read = replaceNullWithDefault && isRow(value) ? withDefaults(value, schema) : value;
          return operand.set(record, read, named(schema));
        },
      };
    },
  });
}

const INT_MAX = 2 ** 31 - 1;

function* problemsOf(
  { schemaName, schemaVersion }: ConfigValues<typeof config>,
  { suffix }: Operand,
): Iterable<ConfigProblem> {
  if (suffix === 'Key')
    yield { key: 'schema.name', message: 'keys have no schema to name; take this transformation out' };
  if (schemaName === '') yield { key: 'schema.name', message: "expected a schema's name, got nothing" };
  if (schemaName === null && schemaVersion === null)
    yield { key: 'schema.name', message: 'expected it or schema.version, got none' };
  if (schemaVersion !== null && (schemaVersion > INT_MAX || schemaVersion < -INT_MAX - 1))
    yield { key: 'schema.version', message: `expected a whole number of 32 bits, got ${schemaVersion}` };
}

export const key = setSchemaMetadata(KEY);
export const value = setSchemaMetadata(VALUE);
