import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { namesOf } from '../../src/values/ordered-row.ts';
import { ConstantsTransformation } from './constants-transformation.ts';

const config = defineConfig({
  fields: {
    doc: `The fields to add, as \`fields.<name>: <text>\`. They are required strings in the record's schema, where it \
has one.`,
    format: 'map',
    default: {},
  },
});

export default defineTransformation({
  name: 'constants',
  doc: `Adds fields with fixed text. A field that the row has already is filled when it is empty; a row with a value in \
it is rejected. A tombstone passes.`,
  config,
  *check({ fields }): Iterable<ConfigProblem> {
    const names = namesOf(fields);
    if (names.length === 0)
      yield { key: 'fields', message: 'expected at least one, as `fields.<name>: <text>`' };
    for (const name of names)
      if (fields[name] === '') yield { key: `fields.${name}`, message: 'expected a text, got nothing' };
  },
  fieldUse: ({ fields }) => addingFields([], Object.keys(fields)),
  create: ({ fields }) => new ConstantsTransformation(fields),
});
