import { expect, test } from 'vitest';
import { align } from '../../src/feed-tests/align-records.ts';

/** Words differ in as many letters as they differ in. */
function aligned(expected: string, found: string): string[] {
  const [wanted, got] = [expected.split(' '), found.split(' ')];
  const letters = (one: string, other: string) =>
    [...one].filter((letter, at) => letter !== other[at]).length;
  return align(wanted, got, letters).map(
    ([e, f]) => `${e === null ? '-' : wanted[e]}:${f === null ? '-' : got[f]}`,
  );
}

test('lists of one length are brought together in order', () => {
  expect(aligned('abc def', 'abx dxx')).toEqual(['abc:abx', 'def:dxx']);
});

test('what is missing or too many is told as such', () => {
  expect(aligned('aaa bbb ccc', 'aaa ccc')).toEqual(['aaa:aaa', 'bbb:-', 'ccc:ccc']);
  expect(aligned('bbb', 'aaa bbb ccc')).toEqual(['-:aaa', 'bbb:bbb', '-:ccc']);
  expect(aligned('aaaaaaaa bbbbbbbb', 'bbbbbbbb cccccccc')).toEqual([
    'aaaaaaaa:-',
    'bbbbbbbb:bbbbbbbb',
    '-:cccccccc',
  ]);
});

test('the nearest are paired', () => {
  expect(aligned('bbx', 'aaa bbb')).toEqual(['-:aaa', 'bbx:bbb']);
});

test('an item that differs in all is still that item', () => {
  expect(aligned('aaaaaaaaaaaa', 'bbbbbbbbbbbb')).toEqual(['aaaaaaaaaaaa:bbbbbbbbbbbb']);
});
