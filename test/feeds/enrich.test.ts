import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { recordsIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { type LogLine, RunningFeed } from './running-feed.ts';

const { bootstrapServers } = await sharedKafka();
const topic = uniqueName('market.enriched');
const folder = mkdtempSync(join(tmpdir(), 'headrace-enrich-'));
let lines: readonly LogLine[];
let running: RunningFeed | undefined;

const TRADES = `symbol,price,sequence_number
BHP,45.12,1
RIO,119.5,7
BHP,45.13,2
XYZ,1,1
BHP,45.2,5
BHP,45.3,6
`;

type Rejected = Readonly<Record<'record' | 'error', string>>;

const FEED = {
  name: topic,
  'connector.class': 'directory',
  'input.path': './drop',
  'finished.path': './done',
  'settle.ms': 50,
  transforms: 'parse,validate,sequence,enrich,venue,source,route',
  'transforms.parse.type': 'csv',
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'double',
  'transforms.validate.fields.sequence_number': 'long',
  'transforms.sequence.type': 'sequence',
  'transforms.sequence.field': 'sequence_number',
  'transforms.sequence.key': 'symbol',
  'transforms.sequence.on.gap': 'reject',
  'transforms.enrich.type': 'lookup',
  'transforms.enrich.file': './reference/companies.csv',
  'transforms.enrich.key': 'symbol',
  'transforms.enrich.fields': 'company_id',
  'transforms.enrich.on.missing': 'reject',
  'transforms.venue.type': 'constants',
  'transforms.venue.fields.exchange': 'asx',
  'transforms.source.type': 'source',
  'transforms.route.type': 'route',
  'transforms.route.topic': topic,
  'transforms.route.key': 'company_id',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.file': './rejected.csv',
};

function put(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

beforeAll(async () => {
  put('reference/companies.csv', 'symbol,company_id\nBHP,101\nRIO,102\n');
  put('drop/trades.csv', TRADES);
  running = new RunningFeed(put('feed.yaml', stringify(FEED)), bootstrapServers);
  await running.line('file completed');
  await running.stop();
  lines = running.lines;
});

afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true });
});

describe('a feed that adds a reference, constants and the source to its rows', () => {
  test('delivers them in JSON, keyed by what was looked up', async () => {
    const records = await recordsIn(bootstrapServers, topic);
    const ofKey = (key: string) =>
      records.filter((record) => String(record.key) === key).map(({ value }) => String(value));
    expect(ofKey('101')).toEqual([
      '{"symbol":"BHP","price":45.12,"sequence_number":1,"company_id":"101","exchange":"asx","_source_file":"trades.csv","_source_line":2}',
      '{"symbol":"BHP","price":45.13,"sequence_number":2,"company_id":"101","exchange":"asx","_source_file":"trades.csv","_source_line":4}',
      '{"symbol":"BHP","price":45.3,"sequence_number":6,"company_id":"101","exchange":"asx","_source_file":"trades.csv","_source_line":7}',
    ]);
    expect(ofKey('102')).toHaveLength(1);
    expect(records).toHaveLength(4);
  });

  test('sends what is unknown, and the row behind a gap, to the dead-letter queue with the reason', () => {
    const rows = parse(readFileSync(join(folder, 'rejected.csv')), { columns: true }) as Rejected[];
    expect(rows.map(({ record, error }) => [record, error])).toEqual([
      ['XYZ,1,1', `symbol: no row for "XYZ" in ${join(folder, 'reference/companies.csv')}`],
      ['BHP,45.2,5', 'sequence_number of symbol "BHP": expected 3, got 5'],
    ]);
  });

  test('logs what it read of the reference, and what the sequences were like', () => {
    const file = join(folder, 'reference/companies.csv');
    expect(lines.find(({ msg }) => msg === 'reference file read')).toMatchObject({ file, rows: 2 });
    expect(lines.find(({ msg }) => msg === 'sequences checked')).toMatchObject({
      ...{ file: 'trades.csv', rows: 6, gaps: 1, missing: 2, repeats: 0, outOfOrder: 0, resets: 0 },
      examples: [{ found: 'gap', line: 6, key: 'BHP', expected: '3', got: '5' }],
    });
  });
});
