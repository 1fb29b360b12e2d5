import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldUse,
} from '../../src/plugin/index.ts';
import { emptyListProblems } from '../shared/list-problems.ts';
import { textsBetween } from '../shared/texts-between.ts';
import { UnpivotTransformation } from './unpivot-transformation.ts';

const config = defineConfig({
  columns: {
    doc: 'The fields of which each becomes a record of its own: names, or patterns with `*`.',
    format: 'list',
    required: true,
  },
  name: { doc: 'The field that holds the name of such a field.', format: 'string', default: 'name' },
  value: { doc: 'The field that holds its value.', format: 'string', default: 'value' },
  includeNulls: {
    doc: 'Make records of fields with nothing in them as well.',
    format: 'boolean',
    default: false,
  },
});

export default defineTransformation({
  name: 'unpivot',
  doc: `Makes of a wide row a record for each of some fields, with the name of the field and its value behind all fields that are \
left. A row without such a field is rejected. A tombstone passes.`,
  config,
  *check({ columns, name, value }): Iterable<ConfigProblem> {
    yield* emptyListProblems('columns', columns);
    if (name === '') yield { key: 'name', message: 'expected the name of a field, got nothing' };
    if (value === '') yield { key: 'value', message: 'expected the name of a field, got nothing' };
    if (name === value)
      yield { key: 'value', message: `expected another name than that of name, got ${name}` };
  },
  fieldUse({ columns, name, value }): FieldUse {
    const isOne = matcherOf(columns);
    const named = columns.filter((column) => !column.includes('*'));
    return {
      seeks: named.map((column) => ({ name: column, key: 'columns', lack: 'refused' })),
      after: (before) => before && [...before.filter((field) => !isOne(field)), name, value],
    };
  },
  create: ({ columns, ...rest }) => new UnpivotTransformation({ ...rest, isOne: matcherOf(columns) }),
});

function matcherOf(columns: readonly string[]): (name: string) => boolean {
  const patterns = columns.map((column) => column.split('*'));
  return (name) => patterns.some((pattern) => textsBetween(pattern, name, () => 0) !== null);
}
