import { expect, test } from 'vitest';
import { BenchError } from '../../bench/bench-error.ts';
import { FEEDS } from '../../bench/feeds/index.ts';
import { readOptions } from '../../bench/options.ts';

test('without options every feed runs three times with ten million rows, where a start does not show', () => {
  expect(readOptions([])).toMatchObject({
    feeds: FEEDS,
    rows: 10_000_000,
    rounds: 3,
    compare: [],
    write: false,
  });
});

test.each([
  [
    ['--feed', 'referense'],
    '--feed: expected one of reference, wide, quoted, gzip, lz4, custom, avro, two-tasks, got referense',
  ],
  [['--rows', 'many'], '--rows: expected a whole number above 0, got many'],
  [['--sizes', '50,0'], '--sizes: expected a whole number above 0, got 0'],
  [['--fed'], "Unknown option '--fed'"],
])('%j is refused with the reason', (args, reason) => {
  expect(() => readOptions(args)).toThrow(BenchError);
  expect(() => readOptions(args)).toThrow(reason);
});
