import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { didYouMean } from '../../src/values/closest-name.ts';
import { shownText } from '../../src/values/shown.ts';
import { emptyListProblems, repeatedNameProblems } from '../shared/list-problems.ts';
import { SOURCE_FIELDS, type SourceField } from './source-fields.ts';
import { SourceTransformation } from './source-transformation.ts';

const NAMES = [...SOURCE_FIELDS.keys()];

const config = defineConfig({
  fields: {
    doc: `Which to add: \`_source_file\` (the file's path), \`_source_name\` (its name without folders), \`_source_line\` (the line on which the row starts), \
\`_source_row\` (the data row's number), \`_source_offset\` (the byte at which the row starts) and \`_ingested_at\` (when \
the row was read). Lines and rows count from 1.`,
    format: 'list',
    default: ['_source_file', '_source_line'],
  },
});

export default defineTransformation({
  name: 'source',
  doc: `Adds fields that say where a row came from: strings, longs and a timestamp in the record's schema, where it has \
one. A field that the row has already is filled when it is empty; a row with a value in it is rejected. A tombstone \
passes.`,
  config,
  *check({ fields }): Iterable<ConfigProblem> {
    yield* emptyListProblems('fields', fields);
    for (const name of fields) if (!SOURCE_FIELDS.has(name)) yield { key: 'fields', message: unknown(name) };
    yield* repeatedNameProblems('fields', fields);
  },
  fieldUse: ({ fields }) => addingFields([], fields),
  create({ fields }) {
    return new SourceTransformation(fields.map((name) => SOURCE_FIELDS.get(name) as SourceField));
  },
});

function unknown(name: string): string {
  return `expected names among ${NAMES.join(', ')}, got ${shownText(name)}${didYouMean(name, NAMES, shownText)}`;
}
