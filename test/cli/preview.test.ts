import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { page } from '../docs/markdown.ts';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { headrace } from './support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-preview-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = page('examples/trades/trades.csv').text;

beforeAll(() => {
  mkdirSync(join(folder, 'drop/trades'), { recursive: true });
  const files: Record<string, string | Buffer> = {
    'feed.yaml': page('config/trades.yaml').text,
    'timed.yaml': `${page('config/trades.yaml').text}\ntransforms.route.timestamp: exchange_timestamp\n`,
    'ahead.csv': ROWS.replace('2026-01-05T10:00:00.120Z', '2099-12-31T00:00:00Z'),
    'trades.csv': ROWS,
    'trades.csv.gz': gzipSync(ROWS),
    'cut.csv.gz': gzipSync(ROWS).subarray(0, 100),
    'empty.csv': '',
    'header.csv': 'symbol,price\n',
    'binary.csv': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 10, 0]),
    'other.csv': 'a,a\n1,2\n',
    'wrong.yaml': 'name: f\nconnector.class: directry\ninput.path: ./drop\ntransforms: parse\n',
    'worker.yaml': 'bootstrap.servers: a:1\n',
    rows: 'a;b\n1;x\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});

function preview(...args: string[]) {
  return headrace(['preview', ...args], { cwd: folder });
}

describe('headrace preview FEED FILE', () => {
  test('shows every row after every stage, and ends with 0 though one would be rejected', async () => {
    const { code, stdout, stderr } = await preview('feed.yaml', 'trades.csv');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^trades\.csv through trades: parse → validate → route\n\nrow 1, line 2\n/);
    expect(stdout).toMatch(/side +BUY +buy \(enum\)/);
    expect(stdout).toContain('topic market.trades, key BHP\n');
    expect(stdout).toContain('rejected            validate: exchange_timestamp: expected a timestamp');
    expect(stdout).toMatch(/all 5 rows: 4 would be sent to market\.trades, 1 rejected, 0 filtered\n$/);
  });

  test('tells of columns that the file lacks, on standard error and in the object', async () => {
    writeFileSync(join(folder, 'short.csv'), ROWS.replace('trade_id', 'Trade-ID'));
    const { code, stderr } = await preview('feed.yaml', 'short.csv');
    expect(stderr).toMatch(
      /^short\.csv: no column "trade_id" \(did you mean "Trade-ID"\?\); the header has /,
    );
    expect(code).toBe(0);
    const { stdout } = await preview('feed.yaml', 'short.csv', '--json');
    expect(JSON.parse(stdout).notes).toEqual(stderr.trimEnd().split('\n'));
    expect(stderr).toContain('short.csv: transforms.validate does not know Trade-ID. Ignored');
    writeFileSync(join(folder, 'other-kind.csv'), 'symbol,bid\nBHP,1\n');
    expect(await preview('feed.yaml', 'other-kind.csv')).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringMatching(
        /^other-kind\.csv: no column "exchange_timestamp", "price", .* no row can pass/,
      ),
    });
  });

  test('tells which times topics would not take, or not keep', async () => {
    const { stdout } = await preview('timed.yaml', 'ahead.csv');
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('timestamp 2099-12-31T00:00:00.000Z');
    expect(text).toContain(
      'with the defaults of Kafka, row 1 (line 2) would be rejected: expected a time at most 3600000 ms ahead (message.timestamp.after.max.ms of market.trades), got 2099-12-31',
    );
    expect(text).toContain('topic market.trades deletes records whose time is more than 7 days ago');
  });

  test('has no colours in a pipe', async () => {
    expect((await preview('feed.yaml', 'trades.csv')).stdout).not.toContain('\u001b');
  });

  test('shows as many rows as it is told to, of a compressed file too', async () => {
    const { stdout } = await preview('feed.yaml', 'trades.csv.gz', '--rows', '2');
    expect(stdout.match(/^row \d/gm)).toEqual(['row 1', 'row 2']);
    expect(stdout).toContain('there are more rows');
  });

  test('takes the first file that the feed would load when none is named', async () => {
    const none = await preview('feed.yaml');
    expect(none).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'no file in drop/trades matches trades*.csv{,.gz}; name a file: headrace preview FEED FILE\n',
    });
    writeFileSync(join(folder, 'drop/trades/trades-new.csv'), ROWS);
    expect((await preview('feed.yaml')).stdout).toMatch(/^drop\/trades\/trades-new\.csv through trades/);
  });

  test('prints one JSON object with --json, longs with all their digits', async () => {
    const { stdout } = await preview('feed.yaml', 'trades.csv', '--json');
    const { rows, summary } = JSON.parse(stdout);
    expect(summary).toEqual({
      ...{ rows: 5, sent: 4, rejected: 1, filtered: 0, whole: true },
      topics: { 'market.trades': 4 },
    });
    expect(rows[0]).toMatchObject({ row: 1, line: 2, offset: 71, outcome: 'sent' });
    expect(rows[0].stages.map(({ stage }: { stage: string }) => stage)).toEqual([
      'parse',
      'validate',
      'route',
    ]);
    expect(rows[0].records[0]).toMatchObject({
      ...{ topic: 'market.trades', partition: 4, timestamp: null },
      key: { text: 'BHP', size: 3 },
      value: { converter: 'json', size: 146 },
    });
    expect(rows[4]).toMatchObject({ outcome: 'rejected', stage: 'validate', error: expect.any(String) });
    expect(stdout).toContain('"sequence_number":9007199254740993');
  });

  test('ends well when its reader has read enough', () => {
    writeFileSync(
      join(folder, 'long.csv'),
      ROWS + ROWS.split('\n').slice(1, 2).join('').concat('\n').repeat(3000),
    );
    const command = `'${process.execPath}' '${BUILT_COMMAND}' preview feed.yaml long.csv --rows 3000 | head -1`;
    const output = execFileSync('bash', ['-c', `${command}; exit \${PIPESTATUS[0]}`], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(output).toBe('long.csv through trades: parse → validate → route\n');
  });
});

describe('headrace preview FILE', () => {
  test('shows the rows and what it guesses of them, and what to do next', async () => {
    const { code, stdout } = await preview('trades.csv');
    expect(code).toBe(0);
    expect(stdout).toContain('1      BHP     2026-01-05T10:00:00.120Z  45.12   200       BUY   1 ');
    expect(stdout).toContain('✗ exchange_timestamp: expected a timestamp');
    expect(stdout).toContain('encoding utf8; cells between commas; a header\n');
    expect(stdout).toMatch(/\nprice +double +45\.12, 131\.4, 45\.13\n/);
    expect(stdout).toMatch(/To write this as a feed:\n {2}headrace preview trades\.csv --save feed\.yaml\n$/);
  });

  test('writes a feed with --save that validates and runs, and never over another file', async () => {
    const { code, stdout } = await preview('trades.csv', '--save', 'saved.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'The feed is written. To see what it makes of the rows:\n  headrace preview saved.yaml\n',
    );
    expect(await headrace(['validate', 'saved.yaml'], { cwd: folder })).toMatchObject({ code: 0 });
    expect((await preview('saved.yaml')).stdout).toMatch(/all 5 rows: 4 would be sent to trades, 1 rejected/);
    const before = readFileSync(join(folder, 'saved.yaml'), 'utf8');
    expect(await preview('trades.csv', '--save', 'saved.yaml')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'saved.yaml: is there already and is not overwritten; choose another name for --save, or remove it\n',
    });
    expect(readFileSync(join(folder, 'saved.yaml'), 'utf8')).toBe(before);
  });

  test('says so when it cannot be sure that the file is one of rows', async () => {
    const { code, stdout, stderr } = await preview('rows');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'rows: taken for a file of rows; a feed would have connector.class in it\n',
    });
    expect(stdout).toContain('cells between semicolons');
  });
});

test('a NUL in a row is shown as it would be sent, with a feed and without one', async () => {
  writeFileSync(join(folder, 'nul.csv'), ROWS.replace('BHP', 'B\0P'));
  for (const args of [['feed.yaml', 'nul.csv'], ['nul.csv']]) {
    const { code, stdout } = await preview(...args, '--json');
    expect({ args, code }).toEqual({ args, code: 0 });
    expect(JSON.parse(stdout).rows[0].records[0].value.data.symbol).toBe('B\0P');
  }
});

describe('bad usage is one clear line and code 2:', () => {
  test.each([
    [['nope.csv'], 'nope.csv: no such file'],
    [['nope.yaml'], 'nope.yaml: no such file'],
    [['drop'], 'drop: is a folder; name a file in it'],
    [['empty.csv'], 'empty.csv: is empty; expected a file with rows'],
    [['header.csv'], 'header.csv: has no rows: there is a header at most'],
    [
      ['binary.csv'],
      'binary.csv: is a program (ELF), not rows of text; have the file of rows sent; this is what a server or a program answered in its place, perhaps',
    ],
    [['feed.yaml', 'nope.csv'], 'nope.csv: no such file'],
    [['feed.yaml', 'drop'], 'drop: is a folder; name a file in it'],
    [['feed.yaml', 'empty.csv'], 'empty.csv: is empty; expected a file with rows'],
    [['feed.yaml', 'header.csv'], 'header.csv: has no rows: there is a header at most'],
    [
      ['feed.yaml', 'binary.csv'],
      'binary.csv: is a program (ELF), not rows of text; have the file of rows sent; this is what a server or a program answered in its place, perhaps',
    ],
    [['feed.yaml', 'other.csv'], 'other.csv: the header on line 1 has columns that come more than once: "a"'],
    [
      ['trades.csv', 'feed.yaml'],
      'trades.csv: expected a feed before feed.yaml, got a file of rows; did you mean headrace preview feed.yaml trades.csv?',
    ],
    [
      ['worker.yaml'],
      "worker.yaml: is a worker's configuration; expected a feed, and the worker after --worker",
    ],
    [
      ['feed.yaml', '--save', 'x.yaml'],
      '--save: writes a feed that was guessed from a file of rows, and feed.yaml is a feed already',
    ],
    [['feed.yaml', '--worker', 'nope.yaml'], 'nope.yaml: no such file'],
  ])('%s', async (args, message) => {
    expect(await preview(...args)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  });

  test('a compressed file that is cut short', async () => {
    const { code, stderr } = await preview('feed.yaml', 'cut.csv.gz');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^.*"cut\.csv\.gz" cannot be decompressed \(gzip\).*\n$/);
  });

  test('a feed with mistakes, in the lines of validate', async () => {
    const { stderr } = await headrace(['validate', 'wrong.yaml'], { cwd: folder });
    expect(stderr).toContain('did you mean directory?');
    expect(await preview('wrong.yaml', 'trades.csv')).toEqual({ code: 2, stdout: '', stderr });
  });

  test.each([
    [['--rows', '0', 'trades.csv'], "option '--rows <n>' argument '0' is invalid"],
    [['--nope', 'trades.csv'], "unknown option '--nope'"],
    [[], "missing required argument 'feed-or-file'"],
  ])('%s', async (args, message) => {
    const { code, stdout, stderr } = await preview(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
