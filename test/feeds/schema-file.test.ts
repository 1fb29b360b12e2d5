import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { register, versions } from '../converters/registry/support.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { readWithJava } from './read-with-java.ts';
import { RunningFeed } from './running-feed.ts';

const { bootstrapServers } = await sharedKafka();
const topic = uniqueName('market.fills');
const folder = mkdtempSync(join(tmpdir(), 'headrace-schema-file-'));
let registry: HttpServer;
let running: RunningFeed | undefined;
let id: number;

const SCHEMA = {
  type: 'record',
  name: 'Fill',
  namespace: 'market',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' }, doc: 'Ours.' },
    { name: 'their_id', type: { type: 'fixed', name: 'Id', size: 16, logicalType: 'uuid' } },
    { name: 'at', type: { type: 'long', logicalType: 'time-micros' } },
    { name: 'shown', type: { type: 'int', logicalType: 'time-millis' } },
    { name: 'local', type: { type: 'long', logicalType: 'local-timestamp-millis' } },
    {
      name: 'price',
      type: {
        type: 'record',
        name: 'Price',
        fields: [
          {
            name: 'amount',
            type: { type: 'fixed', name: 'P8', size: 8, logicalType: 'decimal', precision: 18, scale: 4 },
          },
          { name: 'currency', type: 'string' },
        ],
      },
    },
    { name: 'fee', type: ['null', 'Price'], default: null },
    { name: 'rate', type: { type: 'bytes', logicalType: 'big-decimal' } },
    { name: 'settled', type: { type: 'int', logicalType: 'date' }, default: 0, 'connect.version': 1 },
  ],
};

const ID = '123e4567-e89b-12d3-a456-426614174000';
const ROWS = `id,their_id,at,shown,local,price.amount,price.currency,fee.amount,fee.currency,rate,settled
${ID},${ID},09:30:00.000001,09:30:00.5,2026-01-31T09:30:00,-10.5,EUR,,,0.0100,
not-a-uuid,${ID},09:30:00,09:30:00,2026-01-31T09:30:00,10.5,EUR,,,1,
${ID},${ID},23:59:59,00:00:00,2026-01-31T09:30:00,10.5,EUR,0.25,AUD,1,2026-01-31
`;

beforeAll(async () => {
  registry = await startRegistry();
  id = await register(registry.url, `${topic}-value`, SCHEMA);
  const feed = {
    name: topic,
    'connector.class': 'directory',
    'input.path': './drop',
    'settle.ms': '100',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    'transforms.validate.schema.file': './fill.avsc',
    'transforms.route.type': 'route',
    'transforms.route.topic': topic,
    'value.converter': 'avro',
    'value.converter.schema.registry.url': registry.url,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': `${topic}.dlq`,
    'topic.creation.default.partitions': '1',
  };
  const lines = Object.entries(feed).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, 'feed.yaml'), lines.join(''));
  writeFileSync(join(folder, 'fill.avsc'), JSON.stringify(SCHEMA, null, 2));
  mkdirSync(join(folder, 'drop'));
  writeFileSync(join(folder, 'drop/fills.csv'), ROWS);
  running = new RunningFeed(join(folder, 'feed.yaml'), bootstrapServers);
  await running.line('file completed');
  await running.stop();
});

afterAll(async () => {
  await running?.stop();
  await registry.stop();
  rmSync(folder, { recursive: true });
});

test("Java's Avro reads what a schema file says, by the schema that was registered before", async () => {
  const records = await readWithJava(bootstrapServers, topic, registry.url);
  expect(await versions(registry.url, `${topic}-value`)).toEqual([1]);
  expect(records.map(({ schemaId }) => schemaId)).toEqual([id, id]);
  expect(records.map(({ value }) => value)).toEqual([
    {
      id: `UUID ${ID}`,
      their_id: `UUID ${ID}`,
      at: 'LocalTime 09:30:00.000001',
      shown: 'LocalTime 09:30:00.500',
      local: 'LocalDateTime 2026-01-31T09:30',
      price: 'Record {"amount": -10.5000, "currency": "EUR"}',
      fee: 'null',
      rate: 'BigDecimal 0.0100',
      settled: 'LocalDate 1970-01-01',
    },
    expect.objectContaining({
      at: 'LocalTime 23:59:59',
      fee: 'Record {"amount": 0.2500, "currency": "AUD"}',
      rate: 'BigDecimal 1',
      settled: 'LocalDate 2026-01-31',
    }),
  ]);
});

test('a row that a logical type does not hold is rejected alone', async () => {
  const [letter, ...others] = await recordsIn(bootstrapServers, `${topic}.dlq`);
  expect(others).toEqual([]);
  expect(String(letter?.value)).toContain('not-a-uuid');
});
