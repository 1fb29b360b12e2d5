import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderProblem } from '../../src/config/read/problem.ts';
import { readCaseFile } from '../../src/feed-tests/case-file.ts';
import { NumberText } from '../../src/feed-tests/expected.ts';
import { folderWith } from './support.ts';

function read(text: string) {
  const folder = folderWith({ 'cases.yaml': text });
  const file = readCaseFile(join(folder, 'cases.yaml'));
  const problems = file.problems.map((problem) => renderProblem(problem).replace(`${folder}/`, ''));
  return { ...file, feed: file.feed?.replace(folder, ''), problems };
}

test('a case has rows, and the records and dead letters that they become', () => {
  const { feed, cases, problems } = read(`feed: ../feed.yaml
cases:
  - name: a trade
    file: asx.csv
    rows: |
      symbol,price
      BHP,45.20
    records:
      - topic: trades
        key: BHP
        value: { symbol: BHP, price: 45.20, ok: true, note: null, list: [1, a] }
    deadLetters:
      - row: 2
        error: "price: "
`);
  expect(problems).toEqual([]);
  expect(feed).toBe(join(tmpdir(), 'feed.yaml'));
  expect(cases).toEqual([
    {
      name: 'a trade',
      line: 3,
      file: 'asx.csv',
      rows: 'symbol,price\nBHP,45.20\n',
      records: [
        {
          topic: 'trades',
          key: 'BHP',
          value: {
            symbol: 'BHP',
            price: new NumberText('45.20'),
            ok: true,
            note: null,
            list: [new NumberText('1'), 'a'],
          },
        },
      ],
      deadLetters: [{ row: 2, error: 'price: ' }],
    },
  ]);
});

test('every mistake is told at once, with its line', () => {
  const { problems } = read(`fed: feed.yaml
cases:
  - name: first
    rows: |
      a
    record:
      - topic: t
  - rows: x
    records:
      - tpic: t
        value: 1
        fields: { a: 1 }
        headers: none
        partition: third
    deadLetters:
      - row: 0
      - error: [1]
  - just text
`);
  expect(problems).toEqual([
    'cases.yaml:1: fed: unknown key; did you mean feed?',
    'cases.yaml:1: feed: is missing: the path of the feed, relative to this file',
    'cases.yaml:6: cases[0].record: unknown key; did you mean records?',
    'cases.yaml:3: cases[0]: expects nothing: give records or deadLetters; records: [] is for none',
    'cases.yaml:8: cases[1].name: is missing: what the case shows',
    'cases.yaml:10: cases[1].records[0].tpic: unknown key; did you mean topic?',
    'cases.yaml:12: cases[1].records[0].fields: is for some fields of the value, and value for all of them; keep one of the two',
    'cases.yaml:13: cases[1].records[0].headers: expected names and values',
    'cases.yaml:14: cases[1].records[0].partition: expected a number',
    'cases.yaml:16: cases[1].deadLetters[0].row: expected a number of 1 or more, got "0"',
    'cases.yaml:17: cases[1].deadLetters[1].row: is missing: the number of the row, 1 is the first',
    'cases.yaml:17: cases[1].deadLetters[1].error: expected text, got a list',
    'cases.yaml:18: cases[2]: expected name, file, rows, records, deadLetters, got "just text"',
  ]);
});

test.each([
  ['is empty; expected a feed and cases', ''],
  ['feed, cases, got "text"', 'text'],
  ['cases: has no case in it', 'feed: a.yaml\ncases: []\n'],
  ['cases: expected a list, each item after a "- ", got keys and values', 'feed: a.yaml\ncases: { a: 1 }\n'],
  ['is not valid YAML', 'feed: [\n'],
  ['is not text; expected YAML in UTF-8', 'a\0b'],
])('a file that is none says so: %s', (message, text) => {
  expect(read(text).problems.join('\n')).toContain(message);
});

test('a missing file and a folder are told apart', () => {
  expect(readCaseFile('/no/such.yaml').problems[0]?.message).toBe('no such file');
  expect(readCaseFile('/').problems[0]?.message).toBe('is a folder; expected a YAML file of cases');
});

test('a feed in its place is told as that, and none of its keys', () => {
  const { problems } = read('name: f\nconnector.class: local\ntransforms: parse\n');
  expect(problems).toEqual([
    'cases.yaml: is a feed; expected the file of its cases, which names it (feed: ./trades.yaml)',
  ]);
});
