import { expect, test } from 'vitest';
import { FeedFigures } from '../../../src/rest/console/feed-figures.ts';
import type { CommittedEvent, RejectedRow } from '../../../src/runtime/events/events.ts';

const START = 1_800_000_000_000;
const OF = { connector: 'trades', task: 0 };

const committed = (rows: number, durationMs = 0): CommittedEvent => ({
  type: 'transaction.committed',
  ...OF,
  rows: { read: rows, produced: rows, filtered: 0, rejected: 0 },
  topics: { trades: rows },
  ...{ fileBytes: 0, sentBytes: 0, expired: 0, durationMs, files: [] },
});

const rejected = (row: number): RejectedRow => ({
  ...{ file: 'a.csv', row, line: row, offset: 0, stage: 'TRANSFORMATION', plugin: 'schema' },
  ...{ error: 'TypeMismatch', reason: `row ${row}` },
});

test('rows are counted from the start, and by topic', () => {
  const figures = new FeedFigures();
  figures.apply(committed(10), START);
  figures.apply(committed(5), START + 200_000);
  expect(figures.rows).toEqual({ read: 15, produced: 15, filtered: 0, rejected: 0 });
  expect(figures.topics).toEqual({ trades: 15 });
});

test('the curve has a value for each second that is over; those without rows are none', () => {
  const figures = new FeedFigures();
  figures.apply(committed(10), START);
  figures.apply(committed(30), START + 2_000);
  expect(figures.curve(START + 4_000).slice(-4)).toEqual([10, 0, 30, 0]);
  expect(figures.curve(START + 4_000)).toHaveLength(119);
  expect(figures.curve(START + 500_000).some((rows) => rows > 0)).toBe(false);
});

test('the rows of a long transaction are spread over its seconds', () => {
  const figures = new FeedFigures();
  figures.apply(committed(40, 4_000), START + 3_000);
  expect(figures.curve(START + 4_000).slice(-5)).toEqual([0, 10, 10, 10, 10]);
  expect(figures.rowsPerSecond(START + 4_000)).toBe(8);
});

test('rejected rows are counted by who rejected them, and the last of them are kept, newest first', () => {
  const figures = new FeedFigures();
  const examples = Array.from({ length: 60 }, (_, index) => rejected(index + 1));
  figures.apply(
    { type: 'rows.rejected', ...OF, count: 70, plugins: { schema: 69, csv: 1 }, unserialized: {}, examples },
    START,
  );
  expect(figures.rejectedBy).toEqual({ schema: 69, csv: 1 });
  expect(figures.rejections).toHaveLength(50);
  expect(figures.rejections[0]).toMatchObject({ file: 'a.csv', row: 60, plugin: 'schema', reason: 'row 60' });
});
