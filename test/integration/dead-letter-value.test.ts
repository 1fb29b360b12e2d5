import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { bootstrapServers, type LoadedFeed, newFeed } from '../cli/support/loaded-feed.ts';
import { recordsIn, valuesIn } from './support/read-topic.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 90_000 });

/** The first row has no price that is a number; the last lacks its card. */
const ROWS = 'symbol,price,card\nBHP,dear,4111-1111\nRIO,1,4222-2222\n4333-3333\n';
const LAST_WORDS = /4111|4333/;

async function rejected(value: 'row' | 'record' | 'none'): Promise<LoadedFeed> {
  const feed = await newFeed({
    transforms: 'parse,hide,validate,route',
    'transforms.hide.type': 'MaskField$Value',
    'transforms.hide.fields': 'card',
    'transforms.hide.replacement': '****',
    'transforms.validate.fields.card': 'string',
    'errors.deadletterqueue.value': value,
    'errors.deadletterqueue.file': './dead.csv',
  });
  await feed.load('a.csv', ROWS);
  return feed;
}

/** Of the rows in their order. */
async function letters({ name }: LoadedFeed) {
  const records = await recordsIn(bootstrapServers, `${name}.dlq`);
  return records.map(({ value, headers }) => {
    const header = new Map(headers.map(([key, text]) => [key, String(text)]));
    return {
      value: value === null ? null : String(value),
      kind: header.get('headrace.value') ?? null,
      row: header.get('file.row'),
      reason: header.get('__connect.errors.exception.message'),
    };
  });
}

test('a queue holds the bytes of rejected rows unless it is told otherwise, whatever a transformation masks', async () => {
  const feed = await rejected('row');
  expect(await letters(feed)).toMatchObject([
    { value: 'BHP,dear,4111-1111', kind: null, row: '1' },
    { value: '4333-3333', kind: null, row: '3' },
  ]);
});

test('errors.deadletterqueue.value: record holds what transformations had made of the row, and nothing unparsed', async () => {
  const feed = await rejected('record');
  expect(await letters(feed)).toMatchObject([
    { value: '{"symbol":"BHP","price":"dear","card":"****"}', kind: 'record', row: '1' },
    { value: null, kind: 'record', row: '3' },
  ]);
  const file = await readFile(feed.folder.at('dead.csv'), 'utf8');
  expect(file).not.toMatch(LAST_WORDS);
  expect(file).toContain('"{""symbol"":""BHP"",""price"":""dear"",""card"":""****""}"');
  await sendsNothing(feed);
});

test('errors.deadletterqueue.value: none holds the reason and the place alone, and rows that are given once more are sent', async () => {
  const feed = await rejected('none');
  expect(await letters(feed)).toMatchObject([
    { value: null, kind: 'none', row: '1', reason: 'price: expected a double, got "dear"' },
    { value: null, kind: 'none', row: '3' },
  ]);
  expect(await readFile(feed.folder.at('dead.csv'), 'utf8')).not.toMatch(LAST_WORDS);
  await sendsNothing(feed);
  const { stdout } = await feed.run('dlq', 'show', '--feed', 'feed.yaml', '--worker', 'worker.yaml', '--csv');
  const [header, first] = stdout.split('\n') as [string, string];
  await writeFile(
    feed.folder.at('mended.csv'),
    `${header}\n${first.replace(',"",', ',"BHP,2,4111-1111",')}\n`,
  );
  const mended = await replayed(feed, '--mended', 'mended.csv');
  expect([mended.stderr, mended.code]).toEqual(['', 0]);
  expect(await valuesIn(bootstrapServers, feed.name)).toEqual([
    '{"symbol":"BHP","price":2,"card":"****"}',
    '{"symbol":"RIO","price":1,"card":"****"}',
  ]);
});

function replayed({ run }: LoadedFeed, ...args: readonly string[]) {
  return run('dlq', 'replay', '--feed', 'feed.yaml', '--worker', 'worker.yaml', ...args);
}

/** A replay of what has no row says so, and fails. */
async function sendsNothing(feed: LoadedFeed): Promise<void> {
  for (const place of [[], ['--file', 'dead.csv']]) {
    const { stdout, code } = await replayed(feed, ...place);
    expect(stdout).toContain(
      'without the bytes of their rows (errors.deadletterqueue.value was record or none), and not sent: 2 rows',
    );
    expect(code).toBe(1);
  }
  expect(await valuesIn(bootstrapServers, feed.name)).toEqual(['{"symbol":"RIO","price":1,"card":"****"}']);
}
