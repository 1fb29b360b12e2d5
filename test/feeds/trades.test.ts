import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { page, ROOT } from '../docs/markdown.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { type LogLine, RunningFeed } from './running-feed.ts';

const { bootstrapServers } = await sharedKafka();
const topic = uniqueName('market.trades');
const folder = mkdtempSync(join(tmpdir(), 'headrace-trades-'));
let lines: readonly LogLine[];
let exitCode: number | null;
let running: RunningFeed | undefined;

beforeAll(async () => {
  const feed = readFileSync(join(ROOT, 'config/trades.yaml'), 'utf8')
    .replace('name: trades', `name: ${topic}`)
    .replaceAll('market.trades', topic);
  writeFileSync(join(folder, 'trades.yaml'), feed);
  mkdirSync(join(folder, 'drop/trades'), { recursive: true });
  copyFileSync(join(ROOT, 'examples/trades/trades.csv'), join(folder, 'drop/trades/trades.csv'));
  running = new RunningFeed(join(folder, 'trades.yaml'), bootstrapServers);
  await running.line('file completed');
  exitCode = await running.stop();
  lines = running.lines;
});

afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true });
});

describe('config/trades.yaml, run on examples/trades/trades.csv', () => {
  test('delivers the rows as typed JSON, keyed by symbol and in order', async () => {
    const records = await recordsIn(bootstrapServers, topic);
    const ofKey = (key: string) =>
      records.filter((record) => String(record.key) === key).map(({ value }) => String(value));
    expect(ofKey('BHP')).toEqual([
      '{"symbol":"BHP","exchange_timestamp":"2026-01-05T10:00:00.120Z","price":45.12,"quantity":200,"side":"buy","sequence_number":1,"trade_id":"T-1001"}',
      '{"symbol":"BHP","exchange_timestamp":"2026-01-05T10:00:01.005Z","price":45.13,"quantity":120,"side":"buy","sequence_number":3,"trade_id":null}',
    ]);
    expect(ofKey('RIO')[0]).toContain('"sequence_number":9007199254740993');
    expect(records).toHaveLength(4);
    expect(records.find(({ key }) => String(key) === 'CBA')?.timestamp).toBeGreaterThan(
      Date.parse('2026-01-06T00:00:00Z'),
    );
  });

  test('sends the row that does not fit to the dead-letter queue as it stands in the file', async () => {
    const records = await recordsIn(bootstrapServers, `${topic}.dlq`);
    expect(records.map(({ value }) => String(value))).toEqual(['BHP,yesterday,45.11,90,sell,5,T-1005']);
  });

  test('moves the file away and ends with exit code 0 when it is told to', () => {
    expect(existsSync(join(folder, 'done/trades.csv'))).toBe(true);
    expect(exitCode).toBe(0);
  });

  test('logs lines that docs/operations.md names, with the fields it names', () => {
    const rows = [...page('docs/operations.md').text.matchAll(/^\| (`[^|]+`) +\| \w+ +\| ([^|]*)\|$/gm)];
    const documented = new Map<string, string>();
    let fields = '';
    for (const [, messages = '', own = ''] of rows) {
      fields = own.startsWith('as above') ? fields + own : own;
      for (const [, msg = ''] of messages.matchAll(/`([^`]+)`/g)) documented.set(msg, fields);
    }
    const told = lines.filter(({ msg, state }) => state !== undefined || documented.has(msg));
    expect(told.length).toBeGreaterThan(8);
    for (const { msg, level: _, time: __, ...fields } of told) {
      expect([...documented.keys()]).toContain(msg);
      for (const name of Object.keys(fields)) expect(documented.get(msg), msg).toContain(`\`${name}\``);
    }
  });
});
