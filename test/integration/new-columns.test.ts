import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { decoded } from '../converters/avro/decoding.ts';
import { get, idIn, register, versions } from '../converters/registry/support.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { recordsIn, valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
let registry: HttpServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

interface Feed {
  readonly folder: FeedFolder;
  readonly subject: string;
}

async function newFeed(
  compatibility: string,
  options: Readonly<Record<string, string | null>> = {},
): Promise<Feed> {
  const folder = await FeedFolder.make(uniqueName('new-columns'));
  const subject = `${folder.name}-value`;
  await fetch(`${registry.url}/config/${subject}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ compatibility }),
  });
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({
    'transforms.validate.new.columns': 'added',
    'value.converter': 'avro',
    'value.converter.schema.registry.url': registry.url,
    'error.path': './failed',
    'topic.creation.default.partitions': '1',
    ...options,
  });
  return { folder, subject };
}

/** Text of a file whose rows are numbered, with further columns that say their name and the row's number. */
function rowsOf(file: string, columns: readonly string[] = [], count = 3): string {
  const rows = Array.from({ length: count }, (_, row) =>
    [file, row, ...columns.map((column) => `${column}${row}`)].join(),
  );
  return [['symbol', 'price', ...columns].join(), ...rows, ''].join('\n');
}

function endOf(daemon: HeadraceProcess, file: string): Promise<string> {
  const isEnd = (line: { msg: string; file?: unknown }) =>
    line.file === file && /^file (completed|failed)$/.test(line.msg);
  return daemon.waitFor(isEnd, 60_000).then(({ msg }) => msg);
}

/** Loads files one after another, and gives how each ended. */
async function load({ folder }: Feed, daemon: HeadraceProcess, files: Readonly<Record<string, string>>) {
  const ends: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    await folder.write(`drop/${name}`, text);
    ends.push(await endOf(daemon, name));
  }
  return ends;
}

/** The rows in the topic, read by the schema that each was written by. */
async function avroRows({ folder }: Feed): Promise<Record<string, unknown>[]> {
  const schemas = new Map<number, string>();
  const rows: Record<string, unknown>[] = [];
  for (const { value } of await recordsIn(bootstrapServers, folder.name)) {
    const id = idIn(value as Buffer);
    const schema = schemas.get(id) ?? String((await get(registry.url, `/schemas/ids/${id}`)).schema);
    schemas.set(id, schema);
    rows.push(decoded(schema, (value as Buffer).subarray(5)));
  }
  return rows;
}

async function fieldsOfLatest(subject: string): Promise<string[]> {
  const { schema } = await get(registry.url, `/subjects/${subject}/versions/latest`);
  const { fields, properties } = JSON.parse(String(schema));
  return fields?.map(({ name }: { name: string }) => name) ?? Object.keys(properties);
}

const told = (daemon: HeadraceProcess) =>
  daemon.lines.filter(({ msg }) => msg === 'file has new columns').map(({ file }) => file);
const restarts = (daemon: HeadraceProcess) =>
  daemon.lines.filter(({ msg }) => msg === 'task restarting' || msg === 'task failed').length;

/** The first row of each file, and that all came in their order. */
function firsts(rows: readonly Record<string, unknown>[], count = 3): Record<string, unknown>[] {
  expect(rows.map(({ price }) => price)).toEqual(rows.map((_, index) => index % count));
  return rows.filter(({ price }) => price === 0);
}

const COMES_AND_GOES = {
  'a.csv': rowsOf('a'),
  'b.csv': rowsOf('b', ['venue']),
  'c.csv': rowsOf('c'),
  'd.csv': rowsOf('d', ['fee']),
  'e.csv': rowsOf('e', ['venue']),
  'f.csv': rowsOf('f', ['venue', 'fee']),
};

describe('new.columns: added', () => {
  test.each(['BACKWARD', 'FORWARD', 'FULL', 'FULL_TRANSITIVE', 'NONE'])(
    'a column that comes, goes and comes again is an optional field of Avro records, with %s',
    async (compatibility) => {
      const feed = await newFeed(compatibility);
      const daemon = feed.folder.start();
      expect(await load(feed, daemon, COMES_AND_GOES)).toEqual(Array(6).fill('file completed'));
      expect(firsts(await avroRows(feed))).toEqual([
        { symbol: 'a', price: 0 },
        { symbol: 'b', price: 0, venue: 'venue0' },
        { symbol: 'c', price: 0 },
        { symbol: 'd', price: 0, fee: 'fee0', venue: null },
        { symbol: 'e', price: 0, venue: 'venue0' },
        { symbol: 'f', price: 0, fee: 'fee0', venue: 'venue0' },
      ]);
      expect(await versions(registry.url, feed.subject)).toEqual([1, 2, 3]);
      expect(told(daemon)).toEqual(['b.csv', 'd.csv', 'e.csv', 'f.csv']);
      expect(restarts(daemon)).toBe(0);
    },
  );

  test.each(['BACKWARD', 'NONE'])('and of JSON by a schema that allows no others, with %s', async (level) => {
    const feed = await newFeed(level, { 'value.converter': 'json-schema' });
    const daemon = feed.folder.start();
    // The first one has the column already.
    const { 'a.csv': _, ...files } = COMES_AND_GOES;
    expect(await load(feed, daemon, files)).toEqual(Array(5).fill('file completed'));
    const records = await recordsIn(bootstrapServers, feed.folder.name);
    const rows = records.map(({ value }) => JSON.parse(String((value as Buffer).subarray(5))));
    expect(firsts(rows)).toEqual([
      { symbol: 'b', price: 0, venue: 'venue0' },
      { symbol: 'c', price: 0 },
      { symbol: 'd', price: 0, fee: 'fee0' },
      { symbol: 'e', price: 0, venue: 'venue0' },
      { symbol: 'f', price: 0, fee: 'fee0', venue: 'venue0' },
    ]);
    expect(await fieldsOfLatest(feed.subject)).toEqual(['symbol', 'price', 'fee', 'venue']);
    expect(restarts(daemon)).toBe(0);
  });

  test('what the registry refuses gives the file up with the reason, and holds up no other', async () => {
    // Old readers would meet a property that their schema forbids.
    const feed = await newFeed('FORWARD', { 'value.converter': 'json-schema' });
    const daemon = feed.folder.start();
    const files = { 'a.csv': rowsOf('a'), 'b.csv': rowsOf('b', ['venue']), 'c.csv': rowsOf('c') };
    expect(await load(feed, daemon, files)).toEqual(['file completed', 'file failed', 'file completed']);
    const letter = JSON.parse(await readFile(feed.folder.at('failed/b.csv.error.json'), 'utf8'));
    expect(letter).toMatchObject({ code: 'SCHEMA_REFUSED', row: 0, rows: { produced: 0, rejected: 0 } });
    expect(letter.reason).toMatch(
      /^b\.csv: its new columns cannot be added: subject .* does not take the schema of the records, .*409/,
    );
    expect(await readFile(feed.folder.at('failed/b.csv'), 'utf8')).toBe(files['b.csv']);
    const records = await recordsIn(bootstrapServers, feed.folder.name);
    const rows = records.map(({ value }) => JSON.parse(String((value as Buffer).subarray(5))));
    expect(rows.map(({ symbol, price }) => `${symbol}${price}`)).toEqual([
      'a0',
      'a1',
      'a2',
      'c0',
      'c1',
      'c2',
    ]);
    expect(await versions(registry.url, feed.subject)).toEqual([1]);
    expect(restarts(daemon)).toBe(0);
  });

  test('a column that the subject has in another type, and a name that Avro does not allow, give their files up', async () => {
    const feed = await newFeed('BACKWARD_TRANSITIVE');
    const fields = [
      { name: 'symbol', type: 'string' },
      { name: 'price', type: 'double' },
      { name: 'venue', type: ['null', 'int'], default: null },
    ];
    await register(registry.url, feed.subject, { type: 'record', name: 'Row', fields });
    const daemon = feed.folder.start();
    const files = {
      'a.csv': rowsOf('a', ['venue']),
      'b.csv': rowsOf('b', ['net price']),
      'c.csv': rowsOf('c', ['fee']),
    };
    expect(await load(feed, daemon, files)).toEqual(['file failed', 'file failed', 'file completed']);
    const reasons = daemon.lines.filter(({ msg }) => msg === 'file failed').map(({ error }) => error);
    expect(reasons).toEqual([
      expect.stringContaining('a.csv: its new columns cannot be added: subject '),
      expect.stringContaining(
        'b.csv: its new columns cannot be added: Avro cannot hold schema Row: a field is called "net price"',
      ),
    ]);
    expect(firsts(await avroRows(feed))).toEqual([{ symbol: 'c', price: 0, fee: 'fee0' }]);
    expect(restarts(daemon)).toBe(0);
  });

  test('a registry that refuses the feed itself ends the task, and gives no file up', async () => {
    const feed = await newFeed('BACKWARD');
    await register(registry.url, feed.subject, {
      ...{ type: 'record', name: 'Row' },
      fields: [{ name: 'symbol', type: 'long' }],
    });
    await feed.folder.write('drop/a.csv', rowsOf('a', ['venue']));
    const daemon = feed.folder.start();
    const { error } = await daemon.waitFor('task failed');
    expect(error).toMatchObject({ code: 'SCHEMA_REFUSED' });
    expect(daemon.lines.filter(({ msg }) => msg === 'file failed')).toEqual([]);
  });

  test('tasks that meet new columns at the same time add the columns of all', async () => {
    const feed = await newFeed('BACKWARD', { 'value.converter': 'json-schema', 'tasks.max': '4' });
    const names = Array.from({ length: 24 }, (_, index) => `f${index}`);
    const columns = (index: number) => (index % 3 === 0 ? ['venue'] : [`fee${index % 4}`]);
    for (const [index, name] of names.entries())
      await feed.folder.write(`drop/${name}.csv`, rowsOf(name, columns(index), 200));
    const daemon = feed.folder.start();
    for (const name of names) {
      const end = await endOf(daemon, `${name}.csv`);
      expect(daemon.lines.filter(({ msg }) => msg === 'file failed')).toEqual([]);
      expect(end).toBe('file completed');
    }
    const records = await recordsIn(bootstrapServers, feed.folder.name);
    const rows = records.map(({ value }) => JSON.parse(String((value as Buffer).subarray(5))));
    for (const [index, name] of names.entries()) {
      const own = rows.filter(({ symbol }) => symbol === name);
      const [column] = columns(index) as [string];
      expect(own.map((row) => row[column])).toEqual(own.map((_, row) => `${column}${row}`));
      expect(own).toHaveLength(200);
    }
    expect(rows).toHaveLength(200 * names.length);
    const all = ['symbol', 'price', 'fee0', 'fee1', 'fee2', 'fee3', 'venue'];
    expect(await fieldsOfLatest(feed.subject)).toEqual(all);
    expect(restarts(daemon)).toBe(0);
  });

  test('a worker that is killed in the middle of such a file goes on by the same schema', async () => {
    const feed = await newFeed('FULL');
    const COUNT = 400_000;
    await feed.folder.write('drop/a.csv', rowsOf('a'));
    await feed.folder.write('drop/b.csv', rowsOf('b', ['venue'], COUNT));
    const isMiddle = ({ msg, rows }: { msg: string; rows?: unknown }) =>
      msg === 'transaction committed' && (rows as { read: number }).read > 10;
    for (let life = 0; life < 2; life++) {
      const daemon = feed.folder.start();
      await daemon.waitFor(isMiddle, 60_000);
      await daemon.kill();
    }
    const daemon = feed.folder.start();
    await expect
      .poll(
        () => feed.folder.path !== '' && readFile(feed.folder.at('done/b.csv')).then(Boolean, () => false),
        {
          timeout: 90_000,
        },
      )
      .toBe(true);
    const records = await recordsIn(bootstrapServers, feed.folder.name);
    const ids = new Set(records.slice(3).map(({ value }) => idIn(value as Buffer)));
    expect(ids.size).toBe(1);
    expect(await versions(registry.url, feed.subject)).toEqual([1, 2]);
    const rows = (await avroRows(feed)).filter(({ symbol }) => symbol === 'b');
    expect(rows).toHaveLength(COUNT);
    expect(rows.findIndex(({ price, venue }, index) => price !== index || venue !== `venue${index}`)).toBe(
      -1,
    );
    expect(restarts(daemon)).toBe(0);
  }, 180_000);

  test('a name that differs in case alone is a field of its own, and the log says so', async () => {
    const feed = await newFeed('FULL');
    const daemon = feed.folder.start();
    expect(await load(feed, daemon, { 'a.csv': rowsOf('a', ['Price']) })).toEqual(['file completed']);
    expect(firsts(await avroRows(feed))).toEqual([{ symbol: 'a', price: 0, Price: 'Price0' }]);
    const { reason } = await daemon.waitFor('file has new columns');
    expect(reason).toBe(
      'transforms.validate does not know Price; "Price" differs from "price" in case alone. Added, as strings that may be empty',
    );
  });

  test('a thousand new columns are one schema, and empty cells are null', async () => {
    const feed = await newFeed('FULL');
    const columns = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    const daemon = feed.folder.start();
    const text = rowsOf('a', columns, 200).replace(',c00,', ',,');
    expect(await load(feed, daemon, { 'a.csv': text, 'b.csv': rowsOf('b') })).toEqual([
      'file completed',
      'file completed',
    ]);
    const rows = (await avroRows(feed)).slice(0, 200);
    expect(rows.map(({ c999 }) => c999)).toEqual(rows.map((_, row) => `c999${row}`));
    expect(rows[0]?.c0).toBeNull();
    expect(Object.keys(rows[0] ?? {})).toHaveLength(1002);
    expect(await versions(registry.url, feed.subject)).toEqual([1, 2]);
    const { reason } = await daemon.waitFor('file has new columns');
    expect(reason).toContain('and 980 more');
  });

  test('rows that leave the cells have the same columns, and json has them without a registry', async () => {
    const feed = await newFeed('FULL', {
      'value.converter': 'json',
      'value.converter.schema.registry.url': null,
    });
    const text = `${rowsOf('a', ['venue', 'note'])}a,3,"v\n3",\na,x,v4,n4\n`;
    const daemon = feed.folder.start();
    expect(await load(feed, daemon, { 'a.csv': text })).toEqual(['file completed']);
    const records = await recordsIn(bootstrapServers, feed.folder.name);
    expect(records.map(({ value }) => JSON.parse(String(value))).at(-1)).toEqual({
      ...{ symbol: 'a', price: 3, note: null, venue: 'v\n3' },
    });
    expect(records).toHaveLength(4);
    expect(await valuesIn(bootstrapServers, `${feed.folder.name}.dlq`)).toEqual(['a,x,v4,n4']);
  });
});

test('new.columns: refused gives the file up before its first row, and the others go on', async () => {
  const feed = await newFeed('BACKWARD', { 'transforms.validate.new.columns': 'refused' });
  const daemon = feed.folder.start();
  const files = { 'a.csv': rowsOf('a'), 'b.csv': rowsOf('b', ['venue']), 'c.csv': rowsOf('c') };
  expect(await load(feed, daemon, files)).toEqual(['file completed', 'file failed', 'file completed']);
  const letter = JSON.parse(await readFile(feed.folder.at('failed/b.csv.error.json'), 'utf8'));
  expect(letter).toMatchObject({
    ...{ code: 'COLUMNS_UNKNOWN', rows: { produced: 0 } },
    reason:
      'b.csv: transforms.validate does not know venue, and transforms.validate.new.columns is refused. Add the columns to the schema, or set it to ignored or added',
  });
  expect(firsts(await avroRows(feed)).map(({ symbol }) => symbol)).toEqual(['a', 'c']);
});

test('new.columns: ignored drops them, and tells them when they are others than those of the file before', async () => {
  const feed = await newFeed('BACKWARD', { 'transforms.validate.new.columns': null });
  const daemon = feed.folder.start();
  const files = { ...COMES_AND_GOES, 'g.csv': rowsOf('g', ['venue', 'fee']) };
  expect(await load(feed, daemon, files)).toEqual(Array(7).fill('file completed'));
  expect(told(daemon)).toEqual(['b.csv', 'd.csv', 'e.csv', 'f.csv']);
  expect((await daemon.waitFor('file has new columns')).reason).toBe(
    'transforms.validate does not know venue. Ignored; to have the columns in records, set transforms.validate.new.columns: added',
  );
  expect(firsts(await avroRows(feed))[1]).toEqual({ symbol: 'b', price: 0 });
  expect(await versions(registry.url, feed.subject)).toEqual([1]);
});
