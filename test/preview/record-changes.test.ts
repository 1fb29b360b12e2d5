import { expect, test } from 'vitest';
import type { RecordSnapshot } from '../../src/dry-run/record-snapshot.ts';
import type { RecordSchema } from '../../src/plugin/index.ts';
import { changesAt } from '../../src/preview/record-changes.ts';

const EMPTY: RecordSnapshot = {
  ...{ topic: null, partition: null, key: null, value: {}, valueSchema: null, timestamp: null },
  headers: [],
};

function stages(...all: Partial<RecordSnapshot>[][]) {
  return all.map((records, index) => ({
    ...{ label: `stage${index}`, plugin: 'any' },
    records: records.map((record) => ({ ...EMPTY, ...record })),
  }));
}

const schema: RecordSchema = { name: 'Row', fields: [{ name: 'n', type: 'long', optional: false }] };

test('a field is added, changed, typed or removed', () => {
  const way = stages(
    [{ value: { n: '1', kept: 'x', side: 'BUY', gone: 'y' } }],
    [{ value: { n: 1n, kept: 'x', side: 'buy', venue: 'ASX' }, valueSchema: schema }],
  );
  expect(changesAt(way, 1, 0).fields).toEqual([
    { field: 'n', kind: 'typed', value: 1n, type: 'long' },
    { field: 'side', kind: 'changed', value: 'buy', type: 'string' },
    { field: 'venue', kind: 'added', value: 'ASX', type: 'string' },
    { field: 'gone', kind: 'removed', value: 'y', type: null },
  ]);
});

test('a stage that changes nothing has no changes', () => {
  const way = stages([{ value: { n: '1' }, key: 'k' }], [{ value: { n: '1' }, key: 'k' }]);
  expect(changesAt(way, 1, 0)).toEqual({ fields: [], record: [] });
});

test('topic, key, partition, time and headers are told beside the fields', () => {
  const way = stages(
    [{ headers: [{ name: 'old', value: '1' }] }],
    [{ topic: 't', key: 'k', partition: 3, timestamp: 5, headers: [{ name: 'new', value: '2' }] }],
  );
  expect(changesAt(way, 1, 0).record.map(({ name, value }) => `${name}=${value}`)).toEqual([
    ...['topic=t', 'key=k', 'partition=3', 'timestamp=5'],
    ...['header new=2', 'header old=removed'],
  ]);
});

test('a record that was split off is compared with the one that it was made of', () => {
  const way = stages([{ value: { a: '1' } }], [{ value: { a: '1', leg: 1 } }, { value: { a: '1', leg: 2 } }]);
  expect(changesAt(way, 1, 1).fields).toEqual([{ field: 'leg', kind: 'added', value: 2, type: 'number' }]);
});

test('a value that is no object is a field by itself', () => {
  const way = stages([{ value: { a: '1' } }], [{ value: 'text' }]);
  expect(changesAt(way, 1, 0).fields).toEqual([
    { field: '(value)', kind: 'added', value: 'text', type: 'string' },
    { field: 'a', kind: 'removed', value: '1', type: null },
  ]);
});
