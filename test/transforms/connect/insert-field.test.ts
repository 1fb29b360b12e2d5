import { describe, expect, it } from 'vitest';
import { value as insertField, key as onKey } from '../../../transforms/connect/insert-field.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const all = {
  topicField: 't',
  partitionField: 'p',
  timestampField: 'at',
  staticField: 's',
  staticValue: 'x',
};
const routed = { topic: 'trades', partition: 3, timestamp: 1768037400123 };
const valueSchema = schemaOf({ a: 'string' });
const [a] = valueSchema.fields;

describe('InsertField$Value', () => {
  it.each<Case>([
    [
      'inserts what a record has',
      all,
      { ...routed, value: { a: '1' } },
      { value: { a: '1', t: 'trades', p: 3, at: 1768037400123n, s: 'x' } },
    ],
    [
      'inserts no partition and no timestamp that it lacks',
      all,
      { topic: 'trades', value: {} },
      { value: { t: 'trades', s: 'x' } },
    ],
    [
      'writes over a field',
      { staticField: 'a', staticValue: 'x' },
      { value: { a: '1' } },
      { value: { a: 'x' } },
    ],
    [
      'widens the schema',
      all,
      { ...routed, value: { a: '1' }, valueSchema },
      {
        value: { a: '1', t: 'trades', p: 3, at: '2026-01-10T09:30:00.123Z', s: 'x' },
        valueSchema: {
          name: 'Row',
          fields: [
            a as (typeof valueSchema.fields)[number],
            { name: 't', type: 'string', optional: true },
            { name: 'p', type: 'int', optional: true },
            { name: 'at', type: 'timestamp', optional: true },
            { name: 's', type: 'string', optional: true },
          ],
        },
      },
    ],
    [
      'inserts null where a schema allows it',
      { partitionField: 'p?' },
      { value: { a: '1' }, valueSchema },
      {
        value: { a: '1', p: null },
        valueSchema: {
          name: 'Row',
          fields: [...valueSchema.fields, { name: 'p', type: 'int', optional: true }],
        },
      },
    ],
    [
      'wants what a required field needs',
      { partitionField: 'p!' },
      { value: { a: '1' }, valueSchema },
      'MissingValue: p: the record has nothing for this required field',
    ],
    [
      'refuses a field that the schema has',
      { staticField: 'a', staticValue: 'x' },
      { value: { a: '1' }, valueSchema },
      'DuplicateField: the schema has a field "a" already',
    ],
    ['lets a tombstone pass', all, { ...routed, value: null, valueSchema }, {}],
    ['refuses text', all, { value: 'x' }, 'NotARow: value: expected an object with fields, got a string'],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(insertField, options, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys, which have no schema', async () => {
    const before = { key: { k: 1 }, value: { a: '1' }, valueSchema, topic: 'trades' };
    const after = { key: { k: 1, t: 'trades' } };
    expect(await outcome(onKey, { topicField: 't!' }, before)).toEqual(expected(before, after));
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, 'static.field: nothing is inserted; set it, or another of the fields'],
    [{ topicField: '!' }, 'topic.field: expected a field\'s name, got "!"'],
    [{ topicField: 'a', partitionField: 'a?' }, 'partition.field: "a" is inserted twice'],
    [{ staticField: 'a' }, 'static.value: expected static.field and static.value together, got one of them'],
  ])('does not take %j', (options, problem) => {
    expect(problemsOf(insertField, options)).toEqual([problem]);
  });
});
