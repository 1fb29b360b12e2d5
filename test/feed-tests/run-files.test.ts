import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { offlineWorker } from '../../src/dry-run/offline-worker.ts';
import { drawResults, resultsJson } from '../../src/feed-tests/report.ts';
import { runCaseFiles } from '../../src/feed-tests/run-files.ts';
import { FEED, folderWith } from './support.ts';

const terminal = { width: 80, paint: (_style: unknown, text: string) => text };
const ROWS = `rows: |
      symbol,price,quantity,fee
      BHP,45.20,9007199254740993,1.10
      CBA,x,1,
      RIO,118.4,,`;

/** What is drawn of one case with these rows and expectations, below its title. */
async function outcomeOf(expectations: string, rows = ROWS): Promise<string> {
  const folder = folderWith({
    'feed.yaml': FEED,
    'cases.yaml': `feed: feed.yaml\ncases:\n  - name: case\n    ${rows}\n${expectations.replaceAll(/^/gm, '    ')}`,
  });
  const results = await runCaseFiles([join(folder, 'cases.yaml')], await offlineWorker(null, {}));
  expect(JSON.parse(resultsJson(results)).failed).toBe(results[0]?.cases[0]?.failures.length === 0 ? 0 : 1);
  return drawResults(results, terminal).split('\n').slice(1).join('\n');
}

const PASSED = '  ✓ case\n\n1 case: 1 passed, 0 failed\n';

const WHOLE = `records:
  - topic: trades.BHP
    key: BHP
    partition: 4
    headers: { venue: ASX, file.row: 1 }
    value: { symbol: BHP, price: 45.2, quantity: 9007199254740993, fee: 1.10 }
  - topic: trades.RIO
    value: { symbol: RIO, price: 118.4, quantity: null, fee: null }
deadLetters:
  - row: 2
    error: "price: expected a double"`;

describe('a case', () => {
  test('passes when records and dead letters are as expected', async () => {
    expect(await outcomeOf(WHOLE)).toBe(PASSED);
  });

  test('tells of columns that its rows lack', async () => {
    const rows = 'rows: |\n      symbol,price,Quantity,fee\n      BHP,45.20,1,1.10';
    const text = await outcomeOf('records: [{ key: BHP }]', rows);
    expect(text).toMatch(
      /^ {2}✓ case\n {6}! rows\.csv: no column "quantity" \(did you mean\s+"Quantity"\?\); the/,
    );
    const without = await outcomeOf('records: []', 'rows: |\n      symbol\n      BHP');
    expect(without.replaceAll(/\s+/g, ' ')).toContain('the feed would fail: rows.csv: no column "price"');
  });

  test('may speak of some fields alone, and of any dead letter in a row', async () => {
    expect(
      await outcomeOf('records: [{ fields: { price: 45.20 } }, { key: RIO }]\ndeadLetters: [{ row: 2 }]'),
    ).toBe(PASSED);
  });

  test('compares longs and decimals to the last digit', async () => {
    const text = await outcomeOf(
      WHOLE.replace('9007199254740993', '9007199254740992').replace('1.10', '1.1'),
    );
    expect(text).toContain(`
      record 1, of row 1
        value.quantity  expected 9007199254740992
                        got      9007199254740993
        value.fee       expected 1.1
                        got      "1.10"
`);
  });

  test('tells text from numbers', async () => {
    const text = await outcomeOf(WHOLE.replace('price: 45.2,', 'price: "45.2",'));
    expect(text).toContain('value.price  expected "45.2"\n                     got      45.2\n');
  });

  test('fails for a field that is missing and for one that is too many', async () => {
    const text = await outcomeOf(WHOLE.replace('fee: 1.10 }', 'tax: 1 }'));
    expect(text).toContain('value.tax  expected 1\n                   got      nothing');
    expect(text).toContain('value.fee  expected nothing\n                   got      "1.10"');
  });

  test('fails for topic, key, partition and headers', async () => {
    const wrong =
      'records:\n  - { topic: t, key: K, partition: 5, headers: { venue: NYSE, no: x } }\n  - { key: RIO }\n';
    const text = await outcomeOf(`${wrong}deadLetters: [{ row: 2 }]`);
    const paths = [...text.matchAll(/^ {8}(\S+) .*expected/gm)].map(([, path]) => path);
    expect(paths).toEqual(['topic', 'key', 'partition', 'headers.venue', 'headers.no']);
  });

  test('says which record is missing, and compares the others all the same', async () => {
    const text = await outcomeOf(
      'records: [{ key: BHP }, { key: CBA }, { key: RIO }]\ndeadLetters: [{ row: 2 }]',
    );
    expect(text).toContain('✗ case (line 3)\n      record 2: expected {"key":"CBA"}, got no record\n\n');
  });

  test('fails for a record that it does not expect', async () => {
    expect(await outcomeOf('records: [{ key: RIO }]\ndeadLetters: [{ row: 2 }]')).toMatch(
      /✗ case \(line 3\)\n {6}row 1 is not expected among the records: \{"topic":"trades.BHP",/,
    );
  });

  test('fails for a dead letter that it does not expect, that does not come or that has another reason', async () => {
    const records = 'records: [{ key: BHP }, { key: RIO }]';
    expect(await outcomeOf(records)).toContain(
      'row 2 is not expected among the dead letters: validate: price: expected a',
    );
    expect(await outcomeOf(`${records}\ndeadLetters: [{ row: 2 }, { row: 3 }, { row: 7 }]`)).toContain(
      'row 3: expected a dead letter, but the row is sent\n      row 7: expected a dead letter, but the file has 3 rows\n',
    );
    expect(await outcomeOf(`${records}\ndeadLetters: [{ row: 2, error: "quantity: " }]`)).toContain(
      'error  contains quantity: \n               got      price: expected a double, got "x"\n',
    );
  });

  test('fails when the feed would', async () => {
    expect(await outcomeOf('records: []', 'rows: "a,a\\n1,2\\n"')).toContain(
      'the feed would fail: rows.csv: the header on line 1 has columns that come',
    );
  });
});

test('mistakes in all files and feeds are told before anything runs', async () => {
  const folder = folderWith({
    'feed.yaml': FEED.replace('type: route', 'type: rout'),
    'cases.yaml': 'feed: feed.yaml\ncases: [{ name: a, rows: x, records: [] }]\n',
    'others.yaml': 'feed: feed.yaml\ncases: [{ nme: a }]\n',
  });
  const run = runCaseFiles(
    ['cases.yaml', 'others.yaml', 'missing.yaml'].map((name) => join(folder, name)),
    await offlineWorker(null, {}),
  );
  const error = await run.then(
    () => null,
    (thrown: Error) => thrown.message.replaceAll(`${folder}/`, '').split('\n'),
  );
  expect(error?.map((line) => line.slice(0, 60))).toEqual([
    'feed.yaml:14: transforms.route.type: no transformation is ca',
    'others.yaml:2: cases[0]: expects nothing: give records or de',
    'others.yaml:2: cases[0].name: is missing: what the case show',
    'others.yaml:2: cases[0].rows: is missing: the text of a file',
    'others.yaml:2: cases[0].nme: unknown key; did you mean name?',
    'missing.yaml: no such file',
  ]);
});
