import {
  type ConfigProblem,
  type ConfigValues,
  defineConfig,
  definePredicate,
} from '../../src/plugin/index.ts';
import { patternProblem } from '../shared/text-pattern.ts';
import { limitProblem } from './comparison.ts';
import { FieldPredicate } from './field-predicate.ts';

const config = defineConfig({
  field: {
    doc: 'The field whose value is looked at. A row without it is rejected.',
    format: 'string',
    required: true,
  },
  equals: {
    doc: 'The value that it must have. Numbers and times are equal however they are written, text only letter by letter.',
    format: 'string',
    default: null,
  },
  in: { doc: 'The values of which it must have one.', format: 'list', default: [] },
  matches: {
    doc: 'A regular expression for the whole value, as Java writes it and JavaScript has it.',
    format: 'string',
    default: null,
  },
  min: {
    doc: `The least that it may be: a number, a date (\`2026-01-31\`) or a time (\`2026-01-31T09:30:00Z\`). A value that is \
none rejects the row.`,
    format: 'string',
    default: null,
  },
  max: { doc: 'The most that it may be, as with `min`.', format: 'string', default: null },
  isNull: {
    doc: `Whether nothing must be in it: null, or text of no characters. Nothing meets no other condition.`,
    format: 'boolean',
    default: null,
  },
});

export type FieldConditions = ConfigValues<typeof config>;

export default definePredicate({
  name: 'field',
  doc: `Met by records of which a field has a certain value. Of several conditions all must hold. With \`Filter\` it is asked of \
cells, before there is a record.`,
  config,
  check: conditionProblems,
  seeks: ({ field }) => [{ name: field, key: 'field', lack: 'refused' }],
  create: (conditions) => new FieldPredicate(conditions),
});

function* conditionProblems(conditions: FieldConditions): Iterable<ConfigProblem> {
  const { field, equals, matches, min, max, isNull } = conditions;
  if (field === '') yield { key: 'field', message: 'expected the name of a field, got nothing' };
  const others =
    [equals, matches, min, max].some((condition) => condition !== null) || conditions.in.length > 0;
  if (!others && isNull === null)
    yield { key: 'equals', message: 'expected a condition: equals, in, matches, min, max or is.null' };
  if (others && isNull === true)
    yield { key: 'is.null', message: 'does not go with other conditions, which nothing meets' };
  if (equals === '')
    yield { key: 'equals', message: 'expected a value, got nothing; is.null: true asks for nothing' };
  const problem = matches === null ? null : patternProblem(matches);
  if (problem !== null) yield { key: 'matches', message: problem };
  yield* limitProblem('min', min);
  yield* limitProblem('max', max);
}
