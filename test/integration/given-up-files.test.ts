import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();

const BROKEN = 'symbol,"price"x\nBHP,2\n';

async function newFeed(options: Readonly<Record<string, string | null>> = {}): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({ 'transaction.boundary.interval.ms': '2000', ...options });
  return folder;
}

const jsonRows = (...prices: number[]) =>
  prices.map((price) => JSON.stringify({ symbol: 'BHP', price })).sort();

/** Waits until a file came to its end, and gives how. */
async function endOf(daemon: HeadraceProcess, file: string): Promise<string> {
  const { msg } = await daemon.waitFor(
    (line) => line.file === file && /^file (completed|failed)$/.test(line.msg),
  );
  return msg;
}

const restarts = (daemon: HeadraceProcess) =>
  daemon.lines.filter(({ msg }) => msg === 'task restarting' || msg === 'task failed').length;

test('a file that cannot be parsed holds up no other, without a folder for it and without a restart', async () => {
  const folder = await newFeed();
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
  for (const name of ['b1', 'b2', 'b3', 'b4', 'b5']) await folder.write(`drop/${name}.csv`, BROKEN);
  await folder.write('drop/c.csv', 'symbol,price\nBHP,3\n');
  const daemon = folder.start();
  for (const name of ['b1', 'b2', 'b3', 'b4', 'b5']) {
    expect(await endOf(daemon, `${name}.csv`)).toBe('file failed');
  }
  expect(await endOf(daemon, 'c.csv')).toBe('file completed');
  expect(await endOf(daemon, 'a.csv')).toBe('file completed');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(1, 3));
  expect(restarts(daemon)).toBe(0);
  await folder.write('drop/b1.csv', 'symbol,price\nBHP,2\n');
  const values = () => valuesIn(bootstrapServers, folder.name);
  await expect.poll(values, { timeout: 20_000 }).toEqual(jsonRows(1, 2, 3));
});

test('a file cut in the middle gives way to the next, with what could be read of it', async () => {
  const folder = await newFeed({ 'error.path': './failed' });
  const whole = gzipSync(Buffer.from(`symbol,price\n${'BHP,1\n'.repeat(200_000)}`));
  await folder.write('drop/a.csv.gz', whole.subarray(0, whole.length - 20));
  await folder.write('drop/b.csv', 'symbol,price\nBHP,3\n');
  const daemon = folder.start();
  expect(await endOf(daemon, 'a.csv.gz')).toBe('file failed');
  expect(await endOf(daemon, 'b.csv')).toBe('file completed');
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(values.filter((value) => value === jsonRows(3)[0])).toHaveLength(1);
  expect(restarts(daemon)).toBe(0);
});

test('with transaction.boundary: file nothing of a file over its budget is visible, and the others are whole', async () => {
  const folder = await newFeed({
    'transaction.boundary': 'file',
    'errors.max': '1',
    'error.path': './failed',
    'errors.deadletterqueue.file': './letters.csv',
  });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nBHP,x\n');
  await folder.write('drop/b.csv', `symbol,price\n${'BHP,5\n'.repeat(60_000)}BHP,x\nBHP,y\nBHP,6\n`);
  await folder.write('drop/c.csv', 'symbol,price\nBHP,2\nBHP,z\n');
  const daemon = folder.start();
  expect(await endOf(daemon, 'b.csv')).toBe('file failed');
  expect(await endOf(daemon, 'c.csv')).toBe('file completed');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(1, 2));
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual(['BHP,x', 'BHP,z']);
  expect(restarts(daemon)).toBe(0);
  const letters = (await readFile(folder.at('letters.csv'), 'utf8')).trimEnd().split('\n');
  expect(letters.map((line) => line.split(',').at(-4))).toEqual(['file', '"a.csv"', '"c.csv"']);
});

test('a file with another number of rows than its trailer row says is given up, and with the boundary file nothing of it is visible', async () => {
  const folder = await newFeed({
    'transaction.boundary': 'file',
    'ready.pattern': 'TRAILER,{rows}',
    'error.path': './failed',
  });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nBHP,2\nTRAILER,2\n');
  await folder.write('drop/b.csv', 'symbol,price\nBHP,3\nTRAILER,2\n');
  const daemon = folder.start();
  expect(await endOf(daemon, 'a.csv')).toBe('file completed');
  expect(await endOf(daemon, 'b.csv')).toBe('file failed');
  const failed = daemon.lines.find(({ msg }) => msg === 'file failed');
  expect(failed?.error).toContain('b.csv: its trailer row says 2 rows, and it has 1.');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(1, 2));
  expect(restarts(daemon)).toBe(0);
});

test('a task that ends fails with the file that it gave up, once the others are delivered', async () => {
  const folder = await newFeed({
    'connector.class': 'local',
    'input.path': './drop/*.csv',
    'settle.ms': null,
    'scan.interval.ms': null,
    'finished.path': null,
  });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
  await folder.write('drop/b.csv', BROKEN);
  await folder.write('drop/c.csv', 'symbol,price\nBHP,3\n');
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task failed');
  expect(error).toMatchObject({ code: 'SOURCE_MALFORMED', message: expect.stringContaining('b.csv') });
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(1, 3));
});

test('files that lack a column are given up by their header, in every task, and rows with null are told once a file', async () => {
  const folder = await newFeed({
    'tasks.max': '3',
    'error.path': './failed',
    'transforms.validate.fields.size': 'long',
    'transforms.validate.fields.size.optional': 'true',
  });
  const bad = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map((name) => `${name}.csv`);
  for (const name of bad) await folder.write(`drop/${name}`, `symbol,Price,size\n${'BHP,1,1\n'.repeat(100)}`);
  const partial = ['a.csv', 'c.csv', 'd.csv'];
  for (const name of partial) await folder.write(`drop/${name}`, 'symbol,price,Size\nBHP,1,1\nBHP,2,2\n');
  const daemon = folder.start();
  for (const name of bad) expect(await endOf(daemon, name)).toBe('file failed');
  for (const name of partial) expect(await endOf(daemon, name)).toBe('file completed');
  const told = daemon.lines.filter(({ msg }) => msg === 'file lacks columns');
  expect(told.map(({ file }) => file).sort()).toEqual(partial);
  expect(told[0]?.reason).toMatch(
    /^no column "size" \(did you mean "Size"\?\); the header has symbol, price, Size\./,
  );
  expect(JSON.parse(await readFile(folder.at('failed/b1.csv.error.json'), 'utf8'))).toMatchObject({
    ...{ file: 'b1.csv', connector: folder.name, state: 'FAILED', code: 'COLUMNS_MISSING' },
    ...{ position: 0, row: 0, line: 0, rows: { produced: 0, filtered: 0, rejected: 0 } },
    reason: expect.stringContaining(
      'no column "price" (did you mean "Price"?); the header has symbol, Price, size',
    ),
  });
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual([]);
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(2 * partial.length);
  expect(restarts(daemon)).toBe(0);
});

const HEADERS = {
  'error.path': './failed',
  'transforms.validate.fields.size': 'long',
  'transforms.validate.fields.size.optional': 'true',
};

const reasonOf = (daemon: HeadraceProcess, file: string) =>
  daemon.lines.find((line) => line.msg === 'file failed' && line.file === file)?.error;

test('with on.header.change: quarantine a file with another header is given up with the difference, also after a restart', async () => {
  const folder = await newFeed({ ...HEADERS, 'on.header.change': 'quarantine' });
  await folder.write('drop/a.csv', 'symbol,price,size\nBHP,1,1\n');
  const first = folder.start();
  expect(await endOf(first, 'a.csv')).toBe('file completed');
  await folder.write('drop/b.csv', 'price,symbol,size\n2,BHP,2\n');
  expect(await endOf(first, 'b.csv')).toBe('file failed');
  expect(reasonOf(first, 'b.csv')).toMatch(
    /^b\.csv: header changed: expected symbol, price, size; got price, symbol, size \(order\)\. /,
  );
  await first.stop();
  const second = folder.start();
  await folder.write('drop/c.csv', 'symbol,price\nBHP,3\n');
  await folder.write('drop/d.csv', 'symbol,price,size\n');
  await folder.write('drop/e.csv', 'symbol,price,size\nBHP,5,\n');
  expect(await endOf(second, 'c.csv')).toBe('file failed');
  expect(await endOf(second, 'd.csv')).toBe('file completed');
  expect(await endOf(second, 'e.csv')).toBe('file completed');
  expect(reasonOf(second, 'c.csv')).toContain('got symbol, price (lost "size")');
  const note = JSON.parse(await readFile(folder.at('failed/c.csv.error.json'), 'utf8'));
  expect(note).toMatchObject({ code: 'HEADER_CHANGED', rows: { produced: 0 } });
  await second.stop();
  await folder.feed({ ...HEADERS, 'on.header.change': 'quarantine', 'expect.columns': 'symbol,price' });
  const third = folder.start();
  await folder.write('drop/c.csv', 'symbol,price\nBHP,3\n');
  expect(await endOf(third, 'c.csv')).toBe('file completed');
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(values.map((value) => JSON.parse(value).price).sort()).toEqual([1, 3, 5]);
});

test('with on.header.change: fail the task fails with the difference, and what came before is delivered', async () => {
  const folder = await newFeed({ ...HEADERS, 'on.header.change': 'fail' });
  await folder.write('drop/a.csv', 'symbol,price,size\nBHP,1,1\n');
  const daemon = folder.start();
  expect(await endOf(daemon, 'a.csv')).toBe('file completed');
  await folder.write('drop/b.csv', 'symbol,price,size,venue\nBHP,2,2,ASX\n');
  const { error } = await daemon.waitFor('task failed');
  expect(error).toMatchObject({
    code: 'HEADER_CHANGED',
    message: expect.stringContaining('got symbol, price, size, venue (gained "venue")'),
  });
  expect(await readFile(folder.at('drop/b.csv'), 'utf8')).toContain('venue');
  await daemon.stop();
  await folder.write('drop/b.csv', 'symbol,price,size\nBHP,2,2\n');
  expect(await endOf(folder.start(), 'b.csv')).toBe('file completed');
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(values.map((value) => JSON.parse(value).price).sort()).toEqual([1, 2]);
});

test('a header is mapped by its names unless a feed says otherwise: order, columns more and columns fewer', async () => {
  const folder = await newFeed(HEADERS);
  await folder.write('drop/a.csv', 'symbol,price,size\nBHP,1,1\n');
  await folder.write('drop/b.csv', 'size,venue,price,symbol\n2,ASX,2,BHP\n');
  await folder.write('drop/c.csv', 'price,symbol\n3,BHP\n');
  const daemon = folder.start();
  for (const name of ['a.csv', 'b.csv', 'c.csv']) expect(await endOf(daemon, name)).toBe('file completed');
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(values.map((value) => JSON.parse(value))).toEqual(
    expect.arrayContaining([
      { symbol: 'BHP', price: 1, size: 1 },
      { symbol: 'BHP', price: 2, size: 2 },
      { symbol: 'BHP', price: 3, size: null },
    ]),
  );
});

test('a file of another kind is given up with what it is, and one without rows is delivered, whatever is in it', async () => {
  const folder = await newFeed({
    'error.path': './failed',
    'transforms.validate.fields.symbol.optional': 'true',
    'transforms.validate.fields.price.optional': 'true',
  });
  const kinds: Record<string, [string | Buffer, string]> = {
    quotes: ['bid,ask\n1,2\n', 'no column "symbol", "price"; the header has bid, ask. Of 2 fields'],
    page: ['\n<html>\n<body>502</body></html>\n', 'is an HTML page'],
    workbook: [Buffer.from(`PK\x03\x04\x14${'\0'.repeat(25)}docProps/app.xml`), 'is an Excel workbook'],
    document: ['%PDF-1.7\n1 0 obj\n', 'is a PDF document'],
    program: [Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), 'is a program'],
    noise: [Buffer.from('a\0b\0,c\n1\n'), 'is not text'],
  };
  const empty: Record<string, string> = {
    nothing: '',
    mark: '\ufeff',
    lines: '\r\n\n',
    header: 'symbol,price\n',
    open: 'symbol,price',
    other: 'bid,ask\n',
  };
  for (const [name, [content]] of Object.entries(kinds)) await folder.write(`drop/${name}.csv`, content);
  for (const [name, content] of Object.entries(empty)) await folder.write(`drop/${name}.csv`, content);
  const daemon = folder.start();
  for (const [name, [, reason]] of Object.entries(kinds)) {
    expect(await endOf(daemon, `${name}.csv`)).toBe('file failed');
    expect(reasonOf(daemon, `${name}.csv`)).toContain(reason);
  }
  for (const name of Object.keys(empty)) expect(await endOf(daemon, `${name}.csv`)).toBe('file completed');
  const failed = Object.keys(kinds).flatMap((name) => [`${name}.csv`, `${name}.csv.error.json`]);
  expect((await readdir(folder.at('failed'))).sort()).toEqual(failed.sort());
  expect((await readdir(folder.at('done'))).sort()).toEqual(
    Object.keys(empty)
      .map((name) => `${name}.csv`)
      .sort(),
  );
  expect(restarts(daemon)).toBe(0);
});
