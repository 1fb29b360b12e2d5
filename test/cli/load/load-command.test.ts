import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../../../src/load/load-result.ts';
import {
  LoadFolder,
  LoadProcess,
  MANY,
  manyValues,
  quotes,
  quoteValues,
  SCHEMA,
} from '../../load/support.ts';
import { BUILT_COMMAND } from '../../support/built-command.ts';

/** The command that a load says goes on, as its arguments. */
function argsToGoOn(stderr: string): string[] {
  const command = /^To go on from here: .*? load (.*)$/m.exec(stderr)?.[1];
  return command?.split(' ') ?? [];
}

describe('a mistake is told in a line, and nothing is read', () => {
  const mistakes: [what: string, args: (topic: string) => string[], said: RegExp][] = [
    ['a missing file', (t) => ['a.cvs', '--topic', t], /^a\.cvs: no such file; did you mean a\.csv\?$/],
    ['a glob without files', (t) => ['*.tsv', '--topic', t], /^\*\.tsv: no file matches$/],
    [
      'a folder',
      (t) => ['in', '--topic', t],
      /^in: is a folder; name its files, as in 'in\/\*\.csv', or use --data-dir$/,
    ],
    ['no file', (t) => ['--topic', t], /^no file is given/],
    [
      'neither feed nor topic',
      () => ['a.csv'],
      /^where to\? Give a feed \(--feed FEED\) or a topic \(--topic T\)$/,
    ],
    ['both of them', (t) => ['a.csv', '--topic', t, '--feed', 'f.yaml'], /^both a feed .* and a topic/],
    ['a missing feed', () => ['a.csv', '--feed', 'f.yaml'], /^f\.yaml: no such file$/],
    ['a topic that cannot be', () => ['a.csv', '--topic', 'a b'], /expected a topic of .*got "a b"$/],
    ['an unknown option', (t) => ['a.csv', '--topic', t, '--bogus'], /^error: unknown option '--bogus'/],
    [
      'a limit that is none',
      (t) => ['a.csv', '--topic', t, '--max-errors', 'x'],
      /^--max-errors: expected .*got "x"$/,
    ],
    [
      'brokers without a port',
      (t) => ['a.csv', '--topic', t, '--bootstrap-server', 'kafka'],
      /expected host:port/,
    ],
    [
      'a folder for a file',
      (t) => ['a.csv', '--topic', t, '--dlq', 'in'],
      /rejected rows, .*in, cannot be written: it is not a regular file/,
    ],
    [
      'a missing folder',
      (t) => ['a.csv', '--topic', t, '--dlq', 'no/where/x.csv'],
      /rejected rows, .* cannot be written: ENOENT/,
    ],
    [
      'a schema that is missing',
      (t) => ['a.csv', '--topic', t, '--schema', 'no.avsc'],
      /no\.avsc: no such file/,
    ],
    [
      'a registry without a schema',
      (t) => ['a.csv', '--topic', t, '--registry', 'http://localhost:1'],
      /^a registry .* without a schema/,
    ],
    [
      'a key that the file lacks',
      (t) => ['a.csv', '--topic', t, '--key', 'symbl'],
      /^--key symbl: a\.csv has no column "symbl" \(did you mean "symbol"\?\); its header has symbol, price$/,
    ],
    [
      'a field in the topic that the file lacks',
      (t) => ['a.csv', '--topic', `${t}.{symbl}`],
      /^--topic \S+: a\.csv has no column "symbl" \(did you mean "symbol"\?\)/,
    ],
    [
      'a key that the schema lacks',
      (t) => ['a.csv', '--topic', t, '--schema', 'quote.avsc', '--key', 'symbl'],
      /^--key: no row has a field "symbl" there, but symbol, price; did you mean "symbol"\?$/,
    ],
    [
      'files of two delimiters',
      (t) => ['a.csv', 'tab.txt', '--topic', t],
      /^a\.csv has "," between its cells, and tab\.txt a tab between its cells; load them one after the other, or give --delimiter$/,
    ],
    ['an empty delimiter', (t) => ['a.csv', '--topic', t, '--delimiter', ''], /\(--delimiter\) is empty/],
    [
      'a delimiter beside a feed',
      () => ['a.csv', '--feed', 'f.yaml', '--delimiter', ';'],
      /^a delimiter \(--delimiter\) is given with a feed/,
    ],
    [
      'a limit of no rows',
      (t) => ['a.csv', '--topic', t, '--limit', '0'],
      /^--limit: expected a number of rows/,
    ],
    [
      'a compression that is none',
      (t) => ['a.csv', '--topic', t, '--compression', 'zip'],
      /^--compression: expected one of none, gzip, snappy, lz4, zstd, got "zip"; did you mean gzip\?$/,
    ],
    ['a file that is no text', (t) => ['binary.csv', '--topic', t], /binary\.csv: .*not rows of text/],
  ];

  test.for(mistakes)('%s', async ([, args, said]) => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(2));
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('tab.txt', 'a\tb\n1\t2\n');
    await folder.write('binary.csv', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'));
    await mkdir(folder.at('in'));
    const { code, stdout, stderr } = await folder.run(args(folder.topic));
    expect(stderr.trimEnd()).toMatch(said);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(await folder.values()).toEqual([]);
    expect(readdirSync(folder.path).sort()).toEqual(['a.csv', 'binary.csv', 'in', 'quote.avsc', 'tab.txt']);
  });

  test('a topic that is missing and may not be created', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(2));
    const environment = { HEADRACE_TOPIC_CREATION_ENABLE: 'false' };
    const { code, stderr } = await folder.run(['a.csv', '--topic', folder.topic], environment);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^topic ${folder.topic} does not exist; create it, or set`));
  });
});

describe('what a load comes to', () => {
  test('is a table on standard output, and with nothing to say standard error is empty', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(1200));
    const { code, stdout, stderr } = await folder.run(['a.csv', '--topic', folder.topic]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      `✓ ${folder.job}: 1 file loaded`,
      '',
      '  read      1,200',
      '  produced  1,200',
      '  filtered      0',
      '  rejected      0',
      '  ✓ 1,200 read = 1,200 produced + 0 filtered + 0 rejected',
    ]);
    expect(stdout).toMatch(/^ {2}duration {2}\S.* rows\/s, .* MB\/s$/m);
    expect(stdout).toContain(`  topics    ${folder.topic}   1,200 records\n`);
    expect(readdirSync(folder.path)).toEqual(['a.csv']);
  });

  test('is one JSON object with --json, and code 1 when rows are rejected, which are beside it', async () => {
    const folder = await LoadFolder.make();
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('a.csv', quotes(10, 5));
    const args = ['a.csv', '--topic', folder.topic, '--schema', 'quote.avsc', '--key', 'symbol', '--json'];
    const { code, stdout, stderr } = await folder.run(args);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const result = JSON.parse(stdout) as LoadResult;
    expect(result).toMatchObject({ job: folder.job, state: 'COMPLETED', rows: 10, produced: 8, rejected: 2 });
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining(['files', 'filtered', 'durationMs', 'rowsPerSecond', 'bytes', 'topics']),
    );
    expect(existsSync(folder.at(`${folder.job}.rejected.csv`))).toBe(true);
    expect(await folder.values()).toEqual(quoteValues(10, 5));
  });

  test('a file of no rows, or of nothing at all, is loaded and said to have none', async () => {
    const folder = await LoadFolder.make();
    await folder.write('empty.csv', '');
    await folder.write('header.csv', 'symbol,price\n');
    const { code, stderr } = await folder.run(['empty.csv', 'header.csv', '--topic', folder.topic]);
    expect(code).toBe(0);
    expect(stderr).toBe('empty.csv: has no rows\nheader.csv: has no rows\n');
  });

  test('a load that was finished is told to be, with the command that loads again', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(3));
    const args = ['a.csv', '--topic', folder.topic];
    await folder.run(args);
    const again = await folder.run(args);
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(
      `✓ ${folder.job}: everything was loaded already, 3 rows of 1 file; 0 rows now\n`,
    );
    expect(again.stderr).toMatch(new RegExp(`^To load it again: .* load ${args.join(' ')} --restart\n$`));
    expect(await folder.values()).toHaveLength(3);
  });

  test('code 3 says that too many rows were rejected, and the same command goes on when they are mended', async () => {
    const folder = await LoadFolder.make();
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('a.csv', 'symbol,price\nBHP,1\nRIO,x\nCBA,3\n');
    const args = ['a.csv', '--topic', folder.topic, '--schema', 'quote.avsc', '--max-errors', '0'];
    const { code, stderr } = await folder.run(args);
    expect(code).toBe(3);
    expect(stderr).toContain('1 of 2 rows are rejected, --max-errors allows 0; row 2 (line 3): price');
    expect(argsToGoOn(stderr)).toEqual(args);
    await folder.write('a.csv', 'symbol,price\nBHP,1\nRIO,2\nCBA,3\n');
    expect(await folder.run(args)).toMatchObject({ code: 0 });
    expect(await folder.values()).toEqual([
      '{"symbol":"BHP","price":1}',
      '{"symbol":"CBA","price":3}',
      '{"symbol":"RIO","price":2}',
    ]);
  });

  test('standard input is loaded as it comes through a pipe', async () => {
    const folder = await LoadFolder.make();
    const started = folder.start(['-', '--topic', folder.topic]);
    started.child.stdin?.end(quotes(4));
    expect(await started.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await folder.values()).toHaveLength(4);
  });
});

describe('a load that is cut off', { timeout: 120_000 }, () => {
  const { rows: ROWS } = MANY;

  /** Starts a load of many small transactions, and waits for the first of them. */
  async function begin() {
    const folder = await LoadFolder.makeSlow();
    await folder.writeMany();
    const args = ['a.csv', '--feed', 'feed.yaml', '--dlq', 'bad.csv', '--json'];
    const started = folder.start(args);
    const rejectedBytes = () =>
      stat(folder.at('bad.csv')).then(
        ({ size }) => size,
        () => 0,
      );
    await expect.poll(rejectedBytes, { timeout: 60_000, interval: 2 }).toBeGreaterThan(0);
    return { folder, args, started };
  }

  test.for(['SIGINT', 'SIGHUP'] as const)(
    'by %s commits, ends with 130, and goes on with the command that it prints',
    async (signal) => {
      const { folder, started } = await begin();
      started.child.kill(signal);
      const { code, stdout, stderr } = await started.ended;
      expect(code).toBe(130);
      const stopped = JSON.parse(stdout) as LoadResult;
      expect(stopped.state).toBe('STOPPED');
      expect(await folder.values()).toHaveLength(stopped.produced);
      const resumed = await folder.run(argsToGoOn(stderr));
      expect(resumed.code).toBe(1);
      expect(JSON.parse(resumed.stdout)).toMatchObject({
        rows: ROWS,
        run: { rows: ROWS - stopped.rows },
      });
      expect(await folder.values()).toEqual(manyValues());
    },
  );

  test('by kill -9 goes on with the same command, and no row is lost or there twice', async () => {
    const { folder, args, started } = await begin();
    started.child.kill('SIGKILL');
    await started.ended;
    expect(await folder.run(args)).toMatchObject({ code: 1 });
    expect(await folder.values()).toEqual(manyValues());
  });

  test('by a second signal ends at once', async () => {
    const { started } = await begin();
    started.child.kill('SIGINT');
    started.child.kill('SIGTERM');
    // The system does not say which of the two comes first.
    const { code, stdout } = await started.ended;
    expect([130, 143]).toContain(code);
    expect(stdout).toBe('');
  });
});

test('with no room for its result all rows are delivered all the same, and code 4 says so without a stack', async () => {
  const folder = await LoadFolder.make();
  await folder.write('a.csv', quotes(3));
  const args = [BUILT_COMMAND, 'load', 'a.csv', '--topic', folder.topic];
  const started = spawn('/bin/sh', ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, ...args], {
    cwd: folder.path,
    env: { ...process.env, HEADRACE_BOOTSTRAP_SERVERS: folder.bootstrapServers },
  });
  const { code, stderr } = await new LoadProcess(started).ended;
  expect(stderr).toMatch(/^the result could not be written to standard output: ENOSPC/m);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(4);
  expect(await folder.values()).toHaveLength(3);
});

test('with no broker, code 4 says so after half a minute of trying, and how to go on', async () => {
  const folder = await LoadFolder.make({ bootstrapServers: '127.0.0.1:1' });
  await folder.write('a.csv', quotes(1));
  const { code, stderr } = await folder.run(['a.csv', '--topic', folder.topic]);
  expect(code).toBe(4);
  expect(stderr).toContain(`${folder.job}: waiting, and trying again: Kafka cannot be reached`);
  expect(argsToGoOn(stderr)).toEqual(['a.csv', '--topic', folder.topic]);
}, 90_000);

test('which Kafka is not guessed', async () => {
  const folder = await LoadFolder.make({ bootstrapServers: '' });
  await folder.write('a.csv', quotes(1));
  const { code, stderr } = await folder.run(['a.csv', '--topic', 't']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^which Kafka\? Give --bootstrap-server HOST:PORT/);
});
