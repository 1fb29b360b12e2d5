import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { describeTopics } from '../../src/kafka/cluster/topics.ts';
import { readToEnd } from '../../src/kafka/reader/topic-reader.ts';
import { load } from '../../src/load/load.ts';
import { ROOT } from '../docs/markdown.ts';
import { clientOf } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { type JavaRecord, readWithJava } from './read-with-java.ts';
import { type LogLine, RunningFeed } from './running-feed.ts';

const { bootstrapServers } = await sharedKafka();
const market = uniqueName('market');
const folder = mkdtempSync(join(tmpdir(), 'headrace-market-'));
/** Three daemons, a registry and three readers in Java are started. */
const START_TIMEOUT_MS = 180_000;
const client = clientOf(bootstrapServers);
let registry: HttpServer;
let trades: Loaded;
let quotes: Loaded;
let companies: Loaded;

interface Loaded {
  readonly records: readonly JavaRecord[];
  readonly deadLetters: readonly string[];
  readonly log: readonly LogLine[];
}

type Kind = 'trades' | 'quotes' | 'reference';

/** Runs a shipped feed on its shipped sample, under topics that no other test uses. */
async function run(kind: Kind): Promise<Loaded> {
  const name = `asx-${kind}`;
  const shipped = readFileSync(join(ROOT, `config/${name}.yaml`), 'utf8');
  const feed = join(folder, `${name}.yaml`);
  writeFileSync(
    feed,
    shipped
      .replaceAll('market.', `${market}.`)
      .replace(`name: ${name}`, `name: ${market}-${kind}\nheaders.source: full`),
  );
  const drop = join(folder, `drop/asx/${kind}`);
  mkdirSync(drop, { recursive: true });
  const sample = `asx_${kind}_20260105.csv`;
  copyFileSync(join(ROOT, 'examples/market-data/asx', sample), join(drop, sample));
  const running = new RunningFeed(feed, bootstrapServers, { REGISTRY_URL: registry.url });
  await running.line('file completed');
  expect(await running.stop()).toBe(0);
  const topic = topicOf(kind);
  const deadLetters: string[] = [];
  await readToEnd(client, `${topic}.dlq`, ({ value }) => deadLetters.push(String(value)));
  return {
    records: await readWithJava(bootstrapServers, topic, registry.url),
    deadLetters,
    log: running.lines,
  };
}

function topicOf(kind: string): string {
  return `${market}.equities.${kind === 'reference' ? 'reference_data' : kind}.asx`;
}

/** Why rows were rejected, as the log tells. */
function reasons({ log }: Loaded): unknown[] {
  const told = log.filter(({ msg }) => msg === 'rows rejected');
  const examples = told.flatMap((line) => line.examples as readonly { reason: string }[]);
  return examples.map(({ reason }) => reason);
}

beforeAll(async () => {
  registry = await startRegistry();
  for (const part of ['schemas', 'reference']) {
    cpSync(join(ROOT, 'config', part), join(folder, part), { recursive: true });
  }
  [trades, quotes, companies] = await Promise.all([run('trades'), run('quotes'), run('reference')]);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});

describe('the trades of an exchange, config/asx-trades.yaml', () => {
  const ofSymbol = (symbol: string) => trades.records.filter(({ key }) => key === symbol);

  test('are read by Java exactly as they stand in the file, decimals and microseconds included', () => {
    expect(ofSymbol('BHP').map(({ value }) => value)).toEqual([
      {
        symbol: 'Utf8 BHP',
        exchange_timestamp: 'Instant 2026-01-05T10:00:00.120456Z',
        price: 'BigDecimal 45.120000',
        quantity: 'Long 200',
        side: 'EnumSymbol buy',
        sequence_number: 'Long 1',
        trade_id: 'Utf8 T-1001',
        company_id: 'Utf8 AU000000BHP4',
      },
      expect.objectContaining({ price: 'BigDecimal 45.130000', trade_id: 'null' }),
      expect.objectContaining({
        price: 'BigDecimal 0.000001',
        exchange_timestamp: 'Instant 2026-01-05T10:00:03.999999Z',
      }),
    ]);
    expect(ofSymbol('RIO')[0]?.value.sequence_number).toBe('Long 9007199254740993');
    expect(ofSymbol('CBA')[1]?.value.exchange_timestamp).toBe('Instant 2026-01-05T10:00:02Z');
  });

  test('of a symbol are in one partition and in the order of the file, at the time of writing', () => {
    expect(new Set(ofSymbol('BHP').map(({ partition }) => partition)).size).toBe(1);
    expect(ofSymbol('BHP').map(({ headers }) => headers['file.row'])).toEqual(['1', '4', '7']);
    expect(ofSymbol('BHP')[0]?.timestamp).toBeGreaterThan(Date.parse('2026-01-06T00:00:00Z'));
  });

  test('have a schema in the registry under the subject that all exchanges share', async () => {
    const answer = await fetch(`${registry.url}/subjects/${market}.equities.trades-value/versions/latest`);
    const { id, schema } = (await answer.json()) as { id: number; schema: string };
    expect(new Set(trades.records.map(({ schemaId }) => schemaId))).toEqual(new Set([id]));
    const { namespace, name, fields } = JSON.parse(schema);
    expect(`${namespace}.${name}`).toBe('market.equities.Trade');
    expect(fields.map((field: { name: string }) => field.name)).toEqual([
      ...JSON.parse(readFileSync(join(ROOT, 'config/schemas/trade.avsc'), 'utf8')).fields.map(
        (field: { name: string }) => field.name,
      ),
      'company_id',
    ]);
  });

  test('that lack price and quantity go to the dead-letter queue', () => {
    expect(trades.deadLetters).toEqual(['BHP,2026-01-05T10:00:01.250500Z,,,sell,3,T-1005']);
    expect(reasons(trades)).toEqual(['Missing required fields: [price, quantity]']);
  });

  test('show the gap that the missing number leaves', () => {
    const told = trades.log.filter(({ msg }) => msg.includes('sequence'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ gaps: 1 });
  });
});

describe('the quotes of an exchange, config/asx-quotes.yaml', () => {
  test('arrive with both sides; one that lacks a side, and one with a bad size, are rejected', () => {
    const { records, deadLetters } = quotes;
    expect(records.filter(({ key }) => key === 'BHP').map(({ value }) => value)).toEqual([
      {
        symbol: 'Utf8 BHP',
        exchange_timestamp: 'Instant 2026-01-05T10:00:00.100Z',
        bid_price: 'BigDecimal 45.110000',
        bid_size: 'Long 900',
        ask_price: 'BigDecimal 45.130000',
        ask_size: 'Long 400',
        sequence_number: 'Long 1',
        company_id: 'Utf8 AU000000BHP4',
      },
    ]);
    expect(deadLetters).toEqual([
      'BHP,2026-01-05T10:00:00.130000Z,45.12,700,,,2',
      'RIO,2026-01-05T10:00:00.300001Z,118.40,10,118.45,x,1',
      'CBA,2026-01-05T10:00:00.400000Z,,,131.39,60,2',
    ]);
    expect(reasons(quotes)).toEqual([
      'Missing required fields: [ask_price]',
      'ask_size: expected a long, got "x"',
      'Missing required fields: [bid_price]',
    ]);
  });
});

describe('the companies of an exchange, config/asx-reference.yaml', () => {
  test('are one compacted partition keyed by company, with amounts and times read as the file writes them', async () => {
    const { records, deadLetters } = companies;
    expect(deadLetters).toEqual([]);
    expect(records.map(({ key }) => key)).toEqual([
      'AU000000BHP4',
      'AU000000RIO1',
      'AU000000CBA7',
      'AU000000CSL8',
    ]);
    expect(records[0]?.value).toMatchObject({
      company_name: 'Utf8 BHP Group',
      market_cap: 'BigDecimal 229500000000.00',
      last_updated: 'Instant 2026-01-04T21:00:00Z',
      _source_file: 'Utf8 asx_reference_20260105.csv',
      _source_line: 'Long 2',
    });
    expect(records[2]?.value).toMatchObject({ market_cap: 'null', last_updated: 'null' });
    expect(records[3]?.value).toMatchObject({ sector: 'null', market_cap: 'BigDecimal 131000000000.55' });
    const topic = (await describeTopics(client, [topicOf('reference')])).get(topicOf('reference'));
    expect(topic).toMatchObject({ partitions: 1, cleanupPolicy: 'compact' });
  });
});

describe('the shipped feeds on files of all kinds', () => {
  const sample = (kind: Kind) => join(ROOT, `examples/market-data/asx/asx_${kind}_20260105.csv`);
  const feedFile = (kind: Kind) => join(folder, `asx-${kind}.yaml`);

  test('pick each its own from a folder, by its name', async () => {
    process.env.REGISTRY_URL = registry.url;
    const kinds: readonly Kind[] = ['quotes', 'trades', 'reference'];
    const result = await load({
      dataDir: join(ROOT, 'examples/market-data/asx'),
      feed: kinds.map(feedFile),
      job: uniqueName('folder'),
      bootstrapServers,
    });
    const own = Object.fromEntries(
      result.jobs.map(({ job, files }) => [job.replace(/.*-/, ''), files.map(({ file }) => file)]),
    );
    expect(own).toEqual(Object.fromEntries(kinds.map((kind) => [kind, [sample(kind)]])));
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 16 });
  });

  test('give up trades among the quotes by their header, and send nothing of them', async () => {
    process.env.REGISTRY_URL = registry.url;
    const result = await load({
      files: [sample('trades')],
      feed: feedFile('quotes'),
      job: uniqueName('mixed'),
      bootstrapServers,
    });
    expect(result).toMatchObject({ state: 'FAILED', rows: 0, topics: {} });
    expect(result.error).toMatchObject({
      code: 'COLUMNS_MISSING',
      message: expect.stringMatching(
        /no column "bid_price", "ask_price"; the header has symbol, exchange_timestamp, price, /,
      ),
    });
  });
});
