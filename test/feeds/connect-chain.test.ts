import { expect, test } from 'vitest';
import type { ReadRecord } from '../chaos/log-reader.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { recordsOf } from './records-of.ts';

const ROWS = `symbol,side,at,quantity,account
BHP,buy,2026-01-31T09:30:00.123Z,200,A-1
RIO,test,2026-01-31T09:30:01Z,1,A-2
CBA,sell,2026-02-01T00:00:00Z,3000000000,A-3
CBA,sell,2026-02-01T00:00:00Z,+7,A-3
`;

const { bootstrapServers } = await sharedKafka();

async function recordOf(topic: string): Promise<ReadRecord> {
  const [record] = await recordsOf(topic, 1);
  return record as ReadRecord;
}

async function told(topic: string) {
  const { key, value, headers } = await recordOf(topic);
  return [String(key), String(value), headers.get('kept')];
}

test("a chain of Kafka Connect's transformations leaves each row where and what it says", async () => {
  const name = uniqueName('connect-chain');
  const folder = await FeedFolder.make(name);
  const feed = blocksOf(page('docs/connect-transformations.md')).find(({ note }) => note === 'feed');
  await folder.write('feed.yaml', (feed?.text ?? '').replaceAll('connect-chain', name));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.write('drop/trades.csv', ROWS);
  await folder.start().waitFor('file completed', 60_000);

  // The row of trades.test is filtered; the second of CBA's is kept, without the header that its predicate takes away.
  expect(await told(`${name}.buy-2026-01`)).toEqual([
    '{"symbol":"BHP","side":"buy"}',
    '{"symbol":"BHP","at":"Sat 31 Jan 2026","volume":200,"account":"hidden","origin":"asx"}',
    'yes',
  ]);
  expect(await told(`${name}.sell-2026-02`)).toEqual([
    '{"symbol":"CBA","side":"sell"}',
    '{"symbol":"CBA","at":"Sun 01 Feb 2026","volume":7,"account":"hidden","origin":"asx"}',
    undefined,
  ]);
  const { value, headers } = await recordOf(`${name}.dlq`);
  expect(String(value)).toBe('CBA,sell,2026-02-01T00:00:00Z,3000000000,A-3');
  expect(headers.get('__connect.errors.class.name')).toBe('Cast$Value');
}, 120_000);
