import { addingFields, defineConfig, defineTransformation } from '../../src/plugin/index.ts';

const config = defineConfig({
  header: { doc: 'Name of the header.', format: 'string', required: true },
  valueLiteral: { doc: 'Its value, which is written as it stands.', format: 'string', required: true },
});

export default defineTransformation({
  name: 'InsertHeader',
  doc: 'Adds a header with a fixed value to every record, beside any of the same name.',
  config,
  *check({ header }) {
    if (header === '') yield { key: 'header', message: "expected a header's name, got nothing" };
  },
  fieldUse: () => addingFields([]),
  create({ header, valueLiteral }) {
    const added = { name: header, value: valueLiteral };
    return {
      apply(record) {
        record.headers = [...record.headers, added];
        return record;
      },
    };
  },
});
