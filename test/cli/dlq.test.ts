import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { readCommitted } from '../../src/kafka/reader/topic-reader.ts';
import { xzOf } from '../connectors/compressors.ts';
import { zipOf } from '../connectors/zip-archive.ts';
import { clientOf, valuesIn } from '../integration/support/read-topic.ts';
import { bootstrapServers, type LoadedFeed, newFeed } from './support/loaded-feed.ts';
import { startHeadrace } from './support/start-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const FEED = ['--feed', 'feed.yaml', '--worker', 'worker.yaml'] as const;
/** Rows 2, 3 and 5 are bad. */
const ROWS = 'symbol,price\nBHP,1\nRIO,n/a\nCBA\nANZ,4\n"WES, L",?\n';
const GOOD = ['{"symbol":"ANZ","price":4}', '{"symbol":"BHP","price":1}'];
const MENDED = ['{"symbol":"CBA","price":3}', '{"symbol":"RIO","price":2}', '{"symbol":"WES, L","price":5}'];

const inTopic = ({ name }: LoadedFeed) => valuesIn(bootstrapServers, name);

async function figures(feed: LoadedFeed, ...args: string[]) {
  const { stdout } = await feed.run('dlq', 'list', ...FEED, ...args, '--json');
  const { open, replayed } = JSON.parse(stdout) as { open: number; replayed: number };
  return { open, replayed };
}

/** Exports the rows and mends them as a person would in an editor. */
async function mend({ run, folder }: LoadedFeed): Promise<void> {
  const { stdout } = await run('dlq', 'show', ...FEED, '--csv');
  const mended = stdout.replace('"RIO,n/a"', '"RIO,2"').replace('"CBA"', '"CBA,3"').replace('",?"', '",5"');
  await writeFile(folder.at('mended.csv'), mended);
}

describe('looking', () => {
  test('list counts what waits, by reason and by file', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', 'symbol,price\nRIO,x\n');
    const { stdout, code } = await feed.run('dlq', 'list', ...FEED);
    expect(stdout).toBe(
      `${feed.name}.dlq: 4 rows to mend, 0 replayed\n\n` +
        'rows  stage           error          reason\n' +
        '   3  TRANSFORMATION  InvalidFields  price: expected a double, got …\n' +
        '   1  PARSE           TooFewCells    expected 2 cells (symbol, price), got 1\n\n' +
        'rows  file   first row  last row\n' +
        '   3  a.csv          2         5\n' +
        '   1  b.csv          1         1\n',
    );
    expect(code).toBe(0);
  });

  test('show has each row as it stood, with its place and the reason', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const { stdout, stderr } = await feed.run('dlq', 'show', ...FEED, '--limit', '2');
    expect(stdout).toBe(
      'a.csv row 2 (line 3)  TRANSFORMATION InvalidFields\n' +
        '  price: expected a double, got "n/a"\n  RIO,n/a\n\n' +
        'a.csv row 3 (line 4)  PARSE TooFewCells\n  expected 2 cells (symbol, price), got 1\n  CBA\n',
    );
    expect(stderr).toBe('1 row more; --limit 3 shows all\n');
    const json = await feed.run('dlq', 'show', ...FEED, '--json', '--limit', '1');
    expect(JSON.parse(json.stdout).rows).toEqual([
      expect.objectContaining({ file: 'a.csv', row: 2, line: 3, offset: 19, record: 'RIO,n/a' }),
    ]);
  });

  test('rows are chosen by what is wrong, and by their file', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', 'symbol,price\nRIO,x\n');
    expect(await figures(feed, '--reason', 'TooFewCells')).toMatchObject({ open: 1 });
    expect(await figures(feed, '--reason', 'expected a double')).toMatchObject({ open: 3 });
    expect(await figures(feed, '--source-file', 'b.csv')).toMatchObject({ open: 1 });
    expect(await figures(feed, '--reason', 'cells', '--source-file', 'b.csv')).toMatchObject({ open: 0 });
  });

  test('bytes that are no text come out as they went in', async () => {
    const feed = await newFeed();
    const row = Buffer.concat([Buffer.from('R'), Buffer.of(0xff), Buffer.from('O,"1"')]);
    await feed.load('a.csv', Buffer.concat([Buffer.from('symbol,price\n'), row, Buffer.from('\n')]));
    const { stdout } = await feed.run('dlq', 'show', ...FEED, '--json');
    expect(Buffer.from(JSON.parse(stdout).rows[0].recordBase64, 'base64')).toEqual(row);
  });

  test('rows of another feed in the same topic are left out, and told', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const text = await readFile(feed.folder.at('feed.yaml'), 'utf8');
    await feed.folder.write('other.yaml', text.replace(`name: "${feed.name}"`, 'name: "other"'));
    const other = ['--feed', 'other.yaml', '--worker', 'worker.yaml'];
    const { stdout, stderr } = await feed.run('dlq', 'list', ...other);
    expect(stdout).toContain(': 0 rows to mend');
    expect(stderr).toBe(`left out: 3 rows of ${feed.name}; --connector ${feed.name} has them\n`);
  });
});

describe('replay', () => {
  test('delivers mended rows from the place they had, each once', async () => {
    const feed = await newFeed({ 'headers.source': 'full' });
    await feed.load('a.csv', ROWS);
    await mend(feed);
    const { stdout, code } = await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      job: `${feed.name}.replay`,
      state: 'COMPLETED',
      rows: 3,
      produced: 3,
      filtered: 0,
      rejected: 0,
      topics: { [feed.name]: 3 },
    });
    expect(code).toBe(0);
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
    expect(await placesIn(feed.name)).toContain('{"symbol":"RIO","price":2} a.csv 2 19');
    expect(await figures(feed)).toEqual({ open: 0, replayed: 3 });
    const again = await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    expect(again.stdout).toBe(`${feed.name}.replay: there is nothing to replay; replayed before: 3 rows\n`);
    expect((await feed.run('dlq', 'replay', ...FEED)).code).toBe(0);
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  test('takes the rows as they are, when it was the feed that was wrong', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', 'symbol,price\nBHP,1\nRIO,n/a\n');
    await feed.folder.feed({ 'transforms.validate.fields.price': 'string' });
    const { stdout, code } = await feed.run('dlq', 'replay', ...FEED);
    expect(stdout).toMatch(/1 row replayed = 1 produced \+ 0 filtered \+ 0 rejected again/);
    expect(code).toBe(0);
    expect(await inTopic(feed)).toContain('{"symbol":"RIO","price":"n/a"}');
  });

  test('puts a row that is rejected again back in the queue, from its own place', async () => {
    const feed = await newFeed({ 'errors.max': '100%' });
    await feed.load('a.csv', ROWS);
    const { stdout, code } = await feed.run('dlq', 'replay', ...FEED, '--reason', 'double');
    expect(stdout).toContain('2 rows replayed = 0 produced + 0 filtered + 2 rejected again');
    expect(stdout).toContain('  a.csv row 2: price: expected a double, got "n/a"\n');
    expect(code).toBe(1);
    expect(await figures(feed)).toEqual({ open: 3, replayed: 2 });
    const { stdout: shown } = await feed.run('dlq', 'show', ...FEED, '--json');
    expect(
      JSON.parse(shown).rows.map(({ row, line, offset }: Record<string, number>) => [row, line, offset]),
    ).toEqual(
      expect.arrayContaining([
        [2, 3, 19],
        [5, 6, 37],
      ]),
    );
    await mend(feed);
    await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  const FILE_QUEUE = {
    'errors.deadletterqueue.topic.name': null,
    'errors.deadletterqueue.file': './bad.csv',
  };

  test.for([
    ['a topic', {}],
    ['a file', FILE_QUEUE],
  ] as const)('takes a row of %s that was mended wrongly as often as it takes', async ([, queue]) => {
    const feed = await newFeed(queue);
    await feed.load('a.csv', ROWS);
    const replay = async (from: string, to: string) => {
      const { stdout: csv } = await feed.run('dlq', 'show', ...FEED, '--reason', 'double', '--csv');
      await writeFile(
        feed.folder.at('mended.csv'),
        csv.replaceAll(from, to).replace('""WES, L"",?', 'WES,5'),
      );
      return feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    };
    expect(await replay('"RIO,n/a"', '"RIO,still not a number"')).toMatchObject({ code: 1, stderr: '' });
    expect(await replay('still not a number', 'nor this')).toMatchObject({ code: 1, stderr: '' });
    expect(await replay('nor this', '2')).toMatchObject({ code: 0, stderr: '' });
    expect(await inTopic(feed)).toContain('{"symbol":"RIO","price":2}');
    expect(await figures(feed, '--reason', 'double')).toMatchObject({ open: 0 });
  });

  test('takes the same file of mended rows once more where it has been mended further', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', 'symbol,price\nRIO,n/a\n');
    const { stdout: csv } = await feed.run('dlq', 'show', ...FEED, '--csv');
    const replay = async (price: string) => {
      await writeFile(feed.folder.at('mended.csv'), csv.replace('"RIO,n/a"', `"RIO,${price}"`));
      return feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    };
    expect(await replay('zwei')).toMatchObject({ code: 1 });
    expect((await replay('zwei')).stdout).toContain('there is nothing to replay; replayed before: 1 row');
    expect(await replay('2')).toMatchObject({ code: 0, stderr: '' });
    expect((await replay('2')).stdout).toContain('there is nothing to replay; replayed before: 1 row');
    expect(await inTopic(feed)).toEqual(['{"symbol":"RIO","price":2}']);
  });

  test('does not take a row that came back for one of another file under the name of its own', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.run('dlq', 'replay', ...FEED, '--reason', 'double');
    await feed.folder.write('done/a.csv', ROWS.replace('n/a', 'm/b').replace('?', '!'));
    const { code, stderr } = await feed.run('dlq', 'replay', ...FEED, '--reason', 'double');
    expect(stderr).toContain('a.csv: the header of 2 rows is not known');
    expect(code).toBe(2);
  });

  test('two at the same time deliver no row twice', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await mend(feed);
    const both = ['dlq', 'replay', ...FEED, '--mended', 'mended.csv'];
    await Promise.all([feed.run(...both), feed.run(...both)]);
    await feed.run(...both);
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  test('one that is killed or interrupted goes on with the same command: no row is lost, none is there twice', async () => {
    const BAD = 20_000;
    const feed = await newFeed();
    const rows = Array.from({ length: BAD }, (_, i) => `S${i},x\n`);
    await feed.load('a.csv', `symbol,price\n${rows.join('')}`);
    await feed.folder.feed({
      'transforms.validate.fields.price': 'string',
      'transaction.boundary.interval.ms': '5',
    });
    const replay = ['dlq', 'replay', ...FEED];
    const seen = [0];
    const endAfterProgress = async (signal: NodeJS.Signals) => {
      const child = startHeadrace(replay, feed.folder.path);
      const before = seen.at(-1) as number;
      await expect.poll(() => committed(feed), { timeout: 60_000, interval: 10 }).toBeGreaterThan(before);
      child.kill(signal);
      const ended = await child.exited;
      seen.push(await committed(feed));
      return ended;
    };
    await endAfterProgress('SIGKILL');
    await endAfterProgress('SIGKILL');
    const { code, stderr } = await endAfterProgress('SIGINT');
    expect(stderr).toContain('dlq replay --feed feed.yaml --worker worker.yaml');
    expect(code).toBe(130);
    expect(seen.at(-1), 'all was done before the last signal').toBeLessThan(BAD);
    expect((await feed.run(...replay)).code).toBe(0);
    const values = await inTopic(feed);
    expect(new Set(values).size).toBe(BAD);
    expect(values).toHaveLength(BAD);
    expect(await figures(feed)).toEqual({ open: 0, replayed: BAD });
  });
});

describe('the names of the columns', () => {
  test.each([
    ['a.csv.gz', gzipSync(ROWS)],
    ['a.csv.xz', xzOf(ROWS)],
    ['a.zip', zipOf([{ name: 'a.csv', content: ROWS }])],
  ])("come from the row's own file, also when it is compressed: %s", async (name, content) => {
    const feed = await newFeed({ 'input.file.pattern': '*' });
    await feed.load(name, content);
    await mend(feed);
    expect((await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv')).code).toBe(0);
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  test('are asked for when that file is gone', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await rm(feed.folder.at('done/a.csv'));
    await mend(feed);
    const replay = ['dlq', 'replay', ...FEED, '--mended', 'mended.csv'];
    const { code, stderr } = await feed.run(...replay);
    expect(stderr).toBe(
      'a.csv: the header of 3 rows is not known: the file is not there any more, or is another one now\n' +
        'Give a file with the same header: --header-from FILE\n',
    );
    expect(code).toBe(2);
    await feed.folder.write('header.csv', 'symbol,price\n');
    expect((await feed.run(...replay, '--header-from', 'header.csv')).code).toBe(0);
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  test('are never those of another file that came under its name', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.folder.write(
      'done/a.csv',
      ROWS.replace('symbol,price', 'price,symbol').replace('BHP', 'BHPX'),
    );
    const { code, stderr } = await feed.run('dlq', 'replay', ...FEED);
    expect(stderr).toContain('the header of 3 rows is not known');
    expect(code).toBe(2);
  });

  test('are not needed where the feed names them', async () => {
    const feed = await newFeed({
      'transforms.parse.header': 'false',
      'transforms.parse.columns': 'symbol,price',
    });
    await feed.load('a.csv', 'BHP,1\nRIO,n/a\n');
    await rm(feed.folder.at('done/a.csv'));
    await mend(feed);
    expect((await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv')).code).toBe(0);
    expect(await inTopic(feed)).toContain('{"symbol":"RIO","price":2}');
  });
});

describe('a dead-letter file', () => {
  const QUEUE = { 'errors.deadletterqueue.topic.name': null, 'errors.deadletterqueue.file': './bad.csv' };

  test('is looked at without Kafka', async () => {
    const feed = await newFeed(QUEUE);
    await feed.load('a.csv', ROWS);
    const { stdout, code } = await feed.run('dlq', 'list', '--file', 'bad.csv');
    expect(stdout).toContain('bad.csv: 3 rows to mend\n');
    expect(code).toBe(0);
    const csv = await feed.run('dlq', 'show', '--file', 'bad.csv', '--csv');
    expect(csv.stdout).toBe(await readFile(feed.folder.at('bad.csv'), 'utf8'));
  });

  test('is replayed from a mended copy of it, each row once, and what is rejected again goes to a file beside it', async () => {
    const feed = await newFeed(QUEUE);
    await feed.load('a.csv', ROWS);
    const copy = (await readFile(feed.folder.at('bad.csv'), 'utf8')).replace('"CBA"', '"CBA,3"');
    await writeFile(feed.folder.at('mended.csv'), copy.replaceAll('n/a', '2'));
    const first = await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    expect(first.stdout).toContain('3 rows replayed = 2 produced + 0 filtered + 1 rejected again');
    expect(first.stdout).toContain('bad.csv.replay:\n  a.csv row 5: ');
    expect(first.code).toBe(1);
    expect(await figures(feed)).toEqual({ open: 1, replayed: 3 });
    await mend(feed);
    expect((await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv')).code).toBe(0);
    expect(await figures(feed)).toEqual({ open: 0, replayed: 4 });
    expect(await inTopic(feed)).toEqual([...GOOD, ...MENDED].sort());
  });

  test('of the same name with other rows in it is not taken for the one that was replayed', async () => {
    const feed = await newFeed(QUEUE);
    await feed.load('a.csv', ROWS);
    await feed.run('dlq', 'replay', ...FEED);
    await rm(feed.folder.at('bad.csv.replay'));
    await rename(feed.folder.at('bad.csv'), feed.folder.at('old.csv'));
    const other = (await readFile(feed.folder.at('old.csv'), 'utf8')).replaceAll('"a.csv"', '"b.csv"');
    await writeFile(feed.folder.at('bad.csv'), other);
    expect(await figures(feed)).toEqual({ open: 3, replayed: 0 });
  });
});

describe('a mistake is told, and nothing is sent', () => {
  test('in the arguments', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.folder.write('rows.csv', 'symbol,price\nRIO,2\n');
    const worker = ['--worker', 'worker.yaml'];
    const mistakes: [args: string[], said: RegExp][] = [
      [['list', ...worker], /^which dead letters\? Give --feed FEED, --topic TOPIC or --file FILE$/],
      [['list', '--topic', 't', '--file', 'f', ...worker], /^expected --topic or --file, got both$/],
      [['list', '--topic', `${feed.name}.none`, ...worker], /^there is no topic /],
      [['list', '--file', 'none.csv'], /^none\.csv: no such file$/],
      [['list', '--file', 'rows.csv'], /^rows\.csv is no file of dead letters: it has no column row_number/],
      [['list', '--feed', 'none.yaml', ...worker], /^none\.yaml: no such file$/],
      [['show', ...FEED, '--limit', '0'], /expected a whole number of at least 1/],
      [['replay', '--topic', `${feed.name}.dlq`, ...worker], /^which feed are the rows to go through\?/],
      [['replay', ...FEED, '--mended', 'none.csv'], /^none\.csv: no such file$/],
      [
        ['replay', ...FEED, '--mended', 'rows.csv'],
        /Rows with a header of their own are loaded by headrace load\.$/,
      ],
      [['list', '--feed', 'feed.yaml'], /^which Kafka\?/],
      [['replay', ...FEED, '--to', 't'], /^expected --feed or --to, got both$/],
      [['replay', ...FEED, '--key', 'symbol'], /^--key is given without --to TOPIC; a feed says it itself$/],
      [
        ['replay', '--to', 't', '--topic', 't.dlq', ...worker],
        /^--to is for the file of rows that load --topic/,
      ],
      [['replay', '--to', 't', ...worker], /^t-load\.rejected\.csv: no such file$/],
    ];
    for (const [args, said] of mistakes) {
      const { code, stderr, stdout } = await feed.run('dlq', ...args);
      expect([args, code, stdout, stderr.split('\n(')[0]?.trimEnd()]).toEqual([
        args,
        2,
        '',
        expect.stringMatching(said),
      ]);
    }
  });

  test('in a mended file: a row that is no dead letter, a row that is empty', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const { stdout } = await feed.run('dlq', 'show', ...FEED, '--csv');
    const wrong = stdout.replace('\n3,', '\n33,').replace('"RIO,n/a"', '""');
    await writeFile(feed.folder.at('mended.csv'), wrong);
    const { code, stderr } = await feed.run('dlq', 'replay', ...FEED, '--mended', 'mended.csv');
    expect(stderr).toBe(
      'mended.csv: dead letter 1 (row 2 of a.csv) has an empty record\n' +
        'mended.csv: dead letter 2 (row 33 of a.csv) is no dead letter of this queue\n' +
        'Change nothing but the column record, and leave out the rows that are not to be replayed.\n',
    );
    expect(code).toBe(2);
    expect(await inTopic(feed)).toEqual(GOOD);
  });

  test('without Kafka the command says so, and can be given again', async () => {
    const feed = await newFeed();
    await feed.folder.write('away.yaml', 'bootstrap.servers: localhost:1\n');
    const { code, stderr } = await feed.run('dlq', 'replay', '--feed', 'feed.yaml', '--worker', 'away.yaml');
    expect(stderr).toMatch(/^Kafka cannot be reached: .*\n$/);
    expect(code).toBe(4);
  });
});

/** How many rows are committed, whatever a transaction that was left open holds back. */
async function committed({ name }: LoadedFeed): Promise<number> {
  let rows = 0;
  await readCommitted(clientOf(bootstrapServers), name, () => rows++);
  return rows;
}

/** Values with the file, row and byte that their headers name. */
async function placesIn(topic: string): Promise<string[]> {
  const places: string[] = [];
  await readCommitted(clientOf(bootstrapServers), topic, ({ value, headers }) => {
    const of = new Map(headers.map(([name, bytes]) => [name, bytes?.toString()]));
    places.push(`${value} ${of.get('file.path')} ${of.get('file.row')} ${of.get('file.offset')}`);
  });
  return places;
}
