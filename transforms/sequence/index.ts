import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { repeatedNameProblems } from '../shared/list-problems.ts';
import { SequenceTransformation } from './sequence-transformation.ts';

const ANSWERS = ['report', 'reject'] as const;

const config = defineConfig({
  field: { doc: 'The field with the number, which goes up by one.', format: 'string', required: true },
  key: {
    doc: 'The fields of which each combination of values has a sequence of its own. Without them there is one.',
    format: 'list',
    default: [],
  },
  onGap: { doc: 'A number above the next one: some are missing.', format: ANSWERS, default: 'report' },
  onRepeat: { doc: 'The same number again.', format: ANSWERS, default: 'report' },
  onOutOfOrder: {
    doc: 'A number below the highest so far: late, or a repeat of an earlier one.',
    format: ANSWERS,
    default: 'report',
  },
  onReset: {
    doc: 'The sequence begins again: a lower number that is at most `reset.to`.',
    format: ANSWERS,
    default: 'report',
  },
  resetTo: {
    doc: 'The highest number with which a sequence may begin again; a lower number above it is out of order.',
    format: 'nat',
    default: 1,
  },
  maxKeys: {
    doc: 'How many sequences are kept in memory. Rows of further ones pass unchecked, and the log says so.',
    format: 'nat',
    default: 100_000,
  },
});

export default defineTransformation({
  name: 'sequence',
  doc: `Looks for gaps, repeats, rows out of order and resets in sequence numbers. Each is counted and logged, in one \
line for a file; with \`reject\` the row goes to the dead-letter queue as well. A row without a whole number, or without \
its key, is rejected. A tombstone passes.`,
  config,
  *check({ key }): Iterable<ConfigProblem> {
    yield* repeatedNameProblems('key', key);
  },
  fieldUse: ({ field, key }) =>
    addingFields([
      { name: field, key: 'field', lack: 'refused' },
      ...key.map((name) => ({ name, key: 'key', lack: 'refused' }) as const),
    ]),
  create(values, { log, metrics }) {
    const { field, key, resetTo, maxKeys, onGap, onRepeat, onOutOfOrder, onReset } = values;
    const answers = { gap: onGap, repeat: onRepeat, outOfOrder: onOutOfOrder, reset: onReset };
    return new SequenceTransformation({ field, key, resetTo, maxKeys, answers }, log, metrics);
  },
});
