import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ToldInPieces } from '../../../connectors/files/watching/told-in-pieces.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const paths = (count: number) => Array.from({ length: count }, (_, index) => `${index}.csv`);

test('few files are told at once, and of many a thousand at a time, each once and in their order', () => {
  const told: string[] = [];
  const pieces = new ToldInPieces((path) => told.push(path));
  for (const path of paths(2500)) pieces.add(path);
  expect(told).toHaveLength(1000);
  vi.advanceTimersByTime(200);
  expect(told).toHaveLength(2000);
  pieces.add('another');
  expect(told).toHaveLength(2000);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([...paths(2500), 'another']);
  for (const path of paths(1000)) pieces.add(path);
  expect(told).toHaveLength(3501);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is told any more once it is closed', () => {
  const told: string[] = [];
  const pieces = new ToldInPieces((path) => told.push(path));
  for (const path of paths(1500)) pieces.add(path);
  pieces.close();
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(1000);
  expect(vi.getTimerCount()).toBe(0);
});
