import { defineConfig, defineTransformation, RowError } from '../../src/plugin/index.ts';
import { derivedSchema } from '../connect/derived-schema.ts';

const config = defineConfig({
  schemaName: { doc: "The schema's full name, such as `market.Trade`.", format: 'string', required: true },
});

export default defineTransformation({
  name: 'SetSchemaMetadata$Value',
  doc: `Names the schema of the value. A value without a schema rejects the row. Schemas have no version here, and keys \
have no schema, so there is no \`schema.version\` and no \`SetSchemaMetadata$Key\`.`,
  config,
  *check({ schemaName }) {
    if (schemaName === '') yield { key: 'schema.name', message: "expected a schema's name, got nothing" };
  },
  create({ schemaName }) {
    const named = derivedSchema((schema) => ({ ...schema, name: schemaName }));
    return {
      apply(record) {
        if (record.value === null && record.valueSchema === null) return record;
        if (record.valueSchema === null)
          throw new RowError('NoSchema', 'value: expected a value with a schema, got one without');
        record.valueSchema = named(record.valueSchema);
        return record;
      },
    };
  },
});
