import { expect, test } from 'vitest';
import { Speed } from '../../../src/cli/load/speed.ts';

test('the speed is not known before the second commit', () => {
  const speed = new Speed();
  expect(speed.at(0)).toBeNull();
  speed.add({ atMs: 0, rows: 0, bytes: 0 });
  expect(speed.at(500)).toBeNull();
});

test('it is that of the last ten seconds', () => {
  const speed = new Speed();
  for (let second = 0; second <= 100; second++) {
    speed.add({ atMs: second * 1000, rows: second < 80 ? 0 : (second - 80) * 50, bytes: second });
  }
  expect(speed.at(100_000)).toEqual({ rows: 50, bytes: 1 });
});

test('it falls when a commit is overdue, and does not flutter between two of them', () => {
  const speed = new Speed();
  for (let second = 0; second <= 4; second++)
    speed.add({ atMs: second * 1000, rows: second * 100, bytes: 0 });
  expect(speed.at(4_900)?.rows).toBe(100);
  expect(speed.at(9_000)?.rows).toBe(50);
});

test('it begins anew after a pause', () => {
  const speed = new Speed();
  speed.add({ atMs: 0, rows: 0, bytes: 0 });
  speed.add({ atMs: 1000, rows: 10, bytes: 10 });
  speed.reset();
  expect(speed.at(2000)).toBeNull();
});
