import { defineConfig, definePredicate } from '../../../src/plugin/index.ts';

const config = defineConfig({
  name: { doc: "The header's name.", format: 'string', required: true },
});

export default definePredicate({
  name: 'HasHeaderKey',
  doc: `Met by records with at least one header of a name. The headers that Headrace itself adds, such as \`file.name\`, \
come later and do not count.`,
  config,
  *check({ name }) {
    if (name === '') yield { key: 'name', message: "expected a header's name, got nothing" };
  },
  create: ({ name }) => ({ test: ({ headers }) => headers.some((header) => header.name === name) }),
});
