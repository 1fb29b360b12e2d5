import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../scripts/stack/http-server.ts';
import { startRegistry } from '../../../scripts/stack/registry.ts';
import { ROOT } from '../../docs/markdown.ts';
import { RunningFeed } from '../../feeds/running-feed.ts';
import { recordsIn } from '../../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';
import { get, idIn } from '../registry/support.ts';
import { decoded } from './decoding.ts';

const { bootstrapServers } = await sharedKafka();
const topic = uniqueName('market.trades');
const folder = mkdtempSync(join(tmpdir(), 'headrace-avro-'));
let registry: HttpServer;
let running: RunningFeed | undefined;

const FIELDS = {
  symbol: 'string',
  exchange_timestamp: 'timestamp',
  price: 'decimal',
  'price.precision': '12',
  'price.scale': '4',
  quantity: 'int',
  side: 'enum',
  'side.symbols': 'buy,sell',
  'side.case': 'lower',
  sequence_number: 'long',
  trade_id: 'string',
  'trade_id.optional': 'true',
};

beforeAll(async () => {
  registry = await startRegistry();
  const feed = {
    name: topic,
    'connector.class': 'directory',
    'input.path': './drop',
    'input.file.pattern': '*.csv',
    'finished.path': './done',
    'settle.ms': '100',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    ...Object.fromEntries(
      Object.entries(FIELDS).map(([name, value]) => [`transforms.validate.fields.${name}`, value]),
    ),
    'transforms.validate.schema.name': 'market.Trade',
    'transforms.route.type': 'route',
    'transforms.route.topic': topic,
    'transforms.route.key': 'symbol',
    'value.converter': 'avro',
    'value.converter.schema.registry.url': registry.url,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': `${topic}.dlq`,
    'topic.creation.default.partitions': '2',
  };
  const lines = Object.entries(feed).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, 'feed.yaml'), lines.join(''));
  mkdirSync(join(folder, 'drop'));
  copyFileSync(join(ROOT, 'examples/trades/trades.csv'), join(folder, 'drop/trades.csv'));
  running = new RunningFeed(join(folder, 'feed.yaml'), bootstrapServers);
  await running.line('file completed');
});

afterAll(async () => {
  await running?.stop();
  await registry.stop();
  rmSync(folder, { recursive: true });
});

describe('a feed with the avro converter', () => {
  it("writes rows that a reader of Avro reads by the registry's schema", async () => {
    const { id, schema } = await get(registry.url, `/subjects/${topic}-value/versions/latest`);
    const records = await recordsIn(bootstrapServers, topic);
    expect(records).toHaveLength(4);
    for (const { value } of records) expect(idIn(value as Buffer)).toBe(id);
    const rows = records.map(({ value }) => decoded(String(schema), (value as Buffer).subarray(5)));
    expect(rows.filter(({ symbol }) => symbol === 'BHP')).toEqual([
      {
        symbol: 'BHP',
        exchange_timestamp: BigInt(Date.parse('2026-01-05T10:00:00.120Z')) * 1000n,
        price: Buffer.from(Number(451200).toString(16).padStart(6, '0'), 'hex'),
        quantity: 200,
        side: 'buy',
        sequence_number: 1n,
        trade_id: 'T-1001',
      },
      {
        symbol: 'BHP',
        exchange_timestamp: BigInt(Date.parse('2026-01-05T10:00:01.005Z')) * 1000n,
        price: Buffer.from(Number(451300).toString(16).padStart(6, '0'), 'hex'),
        quantity: 120,
        side: 'buy',
        sequence_number: 3n,
        trade_id: null,
      },
    ]);
    expect(rows.map(({ sequence_number }) => sequence_number)).toContain(9007199254740993n);
  });

  it('ends when it is told to, with no connection to the registry in the way', async () => {
    expect(await running?.stop()).toBe(0);
  });
});
