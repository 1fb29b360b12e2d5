import { describe, expect, it, onTestFinished, vi } from 'vitest';
import source from '../../../transforms/source/index.ts';
import { type Case, expected, outcome, schemaOf } from '../connect/shared/support.ts';
import { problemsOf } from '../support.ts';

const all = {
  fields: ['_source_file', '_source_name', '_source_line', '_source_row', '_source_offset', '_ingested_at'],
};
const told = {
  _source_file: 'drop/trades.csv',
  _source_name: 'trades.csv',
  _source_line: 2n,
  _source_row: 1n,
  _source_offset: 30n,
};
const valueSchema = schemaOf({ symbol: 'string' });

describe('source', () => {
  it.each<Case>([
    [
      'adds the path of the file and the line',
      {},
      { value: { symbol: 'BHP' } },
      { value: { symbol: 'BHP', _source_file: 'drop/trades.csv', _source_line: 2n } },
    ],
    [
      'adds what is asked for, in the order in which it is',
      { fields: ['_source_offset', '_source_row'] },
      { value: {} },
      { value: { _source_offset: 30n, _source_row: 1n } },
    ],
    [
      'does not write over a value',
      {},
      { value: { _source_line: '7' } },
      'DuplicateField: the row has a value in field "_source_line" already; rename or drop one of the two',
    ],
    ['lets a tombstone pass', {}, { value: null, valueSchema }, {}],
  ])('%s', async (_, options, before, after) => {
    expect(await outcome(source, options, before)).toEqual(expected(before, after));
  });

  it('adds strings, longs and a timestamp to the schema', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-01-10T09:30:00.123Z'), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const before = { value: { symbol: 'BHP' }, valueSchema };
    const after = {
      value: { symbol: 'BHP', ...told, _ingested_at: '2026-01-10T09:30:00.123Z' },
      valueSchema: {
        name: 'Row',
        fields: [
          ...valueSchema.fields,
          { name: '_source_file', type: 'string', optional: false },
          { name: '_source_name', type: 'string', optional: false },
          { name: '_source_line', type: 'long', optional: false },
          { name: '_source_row', type: 'long', optional: false },
          { name: '_source_offset', type: 'long', optional: false },
          { name: '_ingested_at', type: 'timestamp', optional: false },
        ] as const,
      },
    };
    expect(await outcome(source, all, before)).toEqual(expected(before, after));
  });

  const names = '_source_file, _source_name, _source_line, _source_row, _source_offset, _ingested_at';
  it.each<[string[], string]>([
    [[], 'fields: expected at least one name, got an empty list'],
    [
      ['_source_file', '_source_lin'],
      `fields: expected names among ${names}, got "_source_lin"; did you mean "_source_line"?`,
    ],
    [['_source_row', '_source_row'], 'fields: names "_source_row" more than once'],
  ])('does not take the fields %j', (fields, problem) => {
    expect(problemsOf(source, { fields })).toEqual([problem]);
  });
});
