import { addingFields, defineConfig, defineTransformation } from '../../src/plugin/index.ts';
import { emptyListProblems } from '../shared/list-problems.ts';

const config = defineConfig({
  headers: { doc: 'Names of the headers to take away.', format: 'list', required: true },
});

export default defineTransformation({
  name: 'DropHeaders',
  doc: 'Takes headers away from a record, all of a name.',
  config,
  check: ({ headers }) => emptyListProblems('headers', headers),
  fieldUse: () => addingFields([]),
  create({ headers }) {
    const dropped = new Set(headers);
    return {
      apply(record) {
        record.headers = record.headers.filter(({ name }) => !dropped.has(name));
        return record;
      },
    };
  },
});
