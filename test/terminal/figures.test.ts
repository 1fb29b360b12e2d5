import { expect, test } from 'vitest';
import { bytes, clock, count, counted, duration, percent } from '../../src/terminal/figures.ts';

test('counts have commas', () => {
  expect([0, 999, 1234567].map(count)).toEqual(['0', '999', '1,234,567']);
});

test('one thing is one, and any other number of them are several', () => {
  expect([0, 1, 2, 1234].map((number) => counted(number, 'row'))).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '1,234 rows',
  ]);
});

test('bytes are in decimal units, with three digits', () => {
  expect([0, 999, 1000, 1_250_000, 12_500_000, 125e6, 10.4e9].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.00 kB',
    '1.25 MB',
    '12.5 MB',
    '125 MB',
    '10.4 GB',
  ]);
});

test('durations are as exact as they are short', () => {
  expect([850, 8_400, 99_940, 200_000, 7_500_000, 172_000_000, 273_600_000].map(duration)).toEqual([
    '850 ms',
    '8.4 s',
    '99.9 s',
    '3 min 20 s',
    '2 h 05 min',
    '47 h 46 min',
    '3 d 04 h',
  ]);
});

test('a time to come is never zero before it is', () => {
  expect([0, 1, 42_000, 725_000, 3_725_000].map(clock)).toEqual(['0:00', '0:01', '0:42', '12:05', '1:02:05']);
});

test('100% is all and 0% is none', () => {
  expect([0, 1, 50, 99_999, 100_000].map((part) => percent(part, 100_000, 0))).toEqual([
    '0%',
    '1%',
    '1%',
    '99%',
    '100%',
  ]);
  expect(percent(300, 1_000_000, 2)).toBe('0.03%');
  expect(percent(0, 0, 0)).toBe('0%');
});
