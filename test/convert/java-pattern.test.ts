import { expect, test } from 'vitest';
import { globMatcher } from '../../connectors/files/glob/glob.ts';
import { globOf } from '../../src/convert/java-pattern.ts';

const NAMES = [
  ...[
    'trades.csv',
    'trades.csv.gz',
    'trades.txt',
    'tradesxcsv',
    'trades-20260131.csv',
    'trades-2026.csv',
    'a',
    'ab',
    'aab',
  ],
  ...[
    'orders-20260131-eu.csv',
    'orders-20260131.txt.gz',
    'orders_1.csv',
    'orders_12.csv',
    'orders_.csv',
    'b.csv',
    'A.csv',
  ],
  ...['(1).csv', 'a|b.csv', 'a b.csv', '[x].csv', 'x!y', 'x^y', 'ä.csv', '-.csv', 'aaaa', 'abcabc'],
];

test.each([
  ['^.*\\.csv$', '*.csv'],
  ['.*', '*'],
  ['.+\\.csv', '?*.csv'],
  ['^trades.*\\.(csv|txt)(\\.gz)?$', 'trades*.@(csv|txt)?(.gz)'],
  ['trades-\\d{8}\\.csv', 'trades-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].csv'],
  ['orders_\\d+\\.csv', 'orders_+([0-9]).csv'],
  ['[a-z]+\\.csv', '+([a-z]).csv'],
  ['[^A-Z]*\\.csv', '*([!A-Z]).csv'],
  ['a{1,2}b?', 'a?(a)?(b)'],
  ['a{2,}', 'aa*(a)'],
  ['(?:abc)+', '+(abc)'],
  ['(?<day>trades).csv', '@(trades)?csv'],
  ['\\w+', '+([0-9A-Za-z_])'],
  ['.*?\\.csv', '*.csv'],
  ['\\(1\\)\\.csv', '\\(1\\).csv'],
  ['a|ab', '@(a|ab)'],
  ['x[_^]y', 'x[_\\^]y'],
  ['[\\w.\\-]+', '+([0-9A-Za-z_.\\-])'],
  ['.{3}', '???'],
])('%s becomes the glob %s, which matches the same names', (pattern, glob) => {
  expect(globOf(pattern)).toBe(glob);
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  const matches = globMatcher(glob);
  expect(NAMES.filter(matches)).toEqual(NAMES.filter((name) => expression.test(name)));
});

test.each([
  '(?i).*\\.csv',
  '(?!old).*\\.csv',
  '(a)\\1',
  'a++',
  '\\bcsv',
  'a{1,99}',
  '[a-z&&[^b]]',
  '\\Qa.b\\E',
  'a^b',
  'x[!]y',
  '(a',
  'a)',
  '[a',
  'a\\',
])('%s has no glob', (pattern) => {
  expect(globOf(pattern)).toBeNull();
});
