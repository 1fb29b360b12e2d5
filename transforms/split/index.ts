import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { repeatedNameProblems } from '../shared/list-problems.ts';
import { SplitTransformation } from './split-transformation.ts';

const config = defineConfig({
  field: { doc: 'The field whose text is split. It stays as it is.', format: 'string', required: true },
  delimiter: {
    doc: 'What stands between the parts: one or more characters; `\\t` is a tab.',
    format: 'string',
    required: true,
  },
  into: {
    doc: 'The fields that the parts become, in order. A row with more parts or fewer is rejected; of nothing all parts are null.',
    format: 'list',
    required: true,
  },
});

export default defineTransformation({
  name: 'split',
  doc: `Splits the text of one field into several, which stand behind the others. A field of such a name that has a value \
already rejects the row. A tombstone passes.`,
  config,
  *check({ field, delimiter, into }): Iterable<ConfigProblem> {
    if (field === '') yield { key: 'field', message: 'expected the name of a field, got nothing' };
    if (delimiter === '') yield { key: 'delimiter', message: 'expected at least one character, got nothing' };
    if (into.length < 2) yield { key: 'into', message: 'expected the names of two fields or more' };
    yield* repeatedNameProblems('into', into);
  },
  fieldUse: ({ field, into }) => addingFields([{ name: field, key: 'field', lack: 'refused' }], into),
  create: ({ field, delimiter, into }) =>
    new SplitTransformation(field, delimiter.replaceAll('\\t', '\t'), into),
});
