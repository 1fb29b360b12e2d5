import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileTimes } from '../../../src/runtime/task/file-times.ts';

const ROWS = { filtered: 0, rejected: 0 };
const committed = (read: number, eof = false) => ({
  ...{ path: 'a.csv', position: read * 10, diskPosition: read * 10, size: 10_000, eof },
  rows: { read, produced: read, ...ROWS },
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a file is timed from its first byte read here until all of it is delivered, by the rows that were read here', () => {
  const times = new FileTimes(0);
  expect(times.of('a.csv', 'DISCOVERED', { size: 10_000 })).toEqual({});
  expect(times.of('a.csv', 'READING', { generation: 'g1', row: 400 })).toEqual({});
  vi.advanceTimersByTime(2_000);
  const taken = { durationMs: 2_000, rowsPerSecond: 300 };
  expect(times.of('a.csv', 'DELIVERED', { rows: 1_000 })).toEqual({ generation: 'g1', ...taken });
  vi.advanceTimersByTime(5_000);
  expect(times.of('a.csv', 'DELIVERED', { error: 'cannot be moved' })).toEqual({ generation: 'g1' });
  expect(times.of('a.csv', 'COMPLETED', { rows: 1_000 })).toEqual({ generation: 'g1', ...taken });
  expect(times.of('a.csv', 'COMPLETED', {})).toEqual({});
});

test('one that is given up or was never read has no time', () => {
  const times = new FileTimes(0);
  times.of('a.csv', 'READING', { generation: 'g1', row: 0 });
  expect(times.of('a.csv', 'FAILED', { error: 'x' })).toEqual({ generation: 'g1' });
  expect(times.of('b.csv', 'SKIPPED', { rows: 3 })).toEqual({});
});

test('progress is told with the first commit after each interval, and not of the end', () => {
  const times = new FileTimes(1_000);
  expect(times.progress(committed(1))).toBeNull();
  times.of('a.csv', 'READING', { generation: 'g1', row: 0 });
  vi.advanceTimersByTime(999);
  expect(times.progress(committed(100))).toBeNull();
  vi.advanceTimersByTime(501);
  const told = { file: 'a.csv', generation: 'g1', position: 3_000, size: 10_000 };
  expect(times.progress(committed(300))).toEqual({
    ...told,
    ...{ rows: 300, durationMs: 1_500, rowsPerSecond: 200 },
  });
  vi.advanceTimersByTime(500);
  expect(times.progress(committed(400))).toBeNull();
  vi.advanceTimersByTime(500);
  expect(times.progress(committed(500))).toMatchObject({ rows: 500, durationMs: 2_500 });
  vi.advanceTimersByTime(9_000);
  expect(times.progress(committed(1_000, true))).toBeNull();
});

test('an interval of 0 tells nothing', () => {
  const times = new FileTimes(0);
  times.of('a.csv', 'READING', { row: 0 });
  vi.advanceTimersByTime(100_000);
  expect(times.progress(committed(100))).toBeNull();
});
