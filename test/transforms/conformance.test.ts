import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtInNames, builtInPlugin } from '../../src/loader/built-in.ts';
import type { TransformationPlugin } from '../../src/plugin/index.ts';
import { type TransformationBattery, testTransformation } from '../../src/testing/index.ts';
import { schemaOf } from './connect/shared/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));
const companies = join(folder, 'companies.csv');
writeFileSync(companies, 'symbol,company_id\nBHP,101\nRIO,\n');

const BHP = { symbol: 'BHP', price: '45.12' };
const RIO = { symbol: 'RIO', price: '131.4' };
const NO_PRICE = { symbol: 'CBA', price: 'free' };
const valueSchema = schemaOf({ symbol: 'string', price: 'decimal' });
const at = 1768037400123;

/** What each is tried with; of Connect's the two classes of a name with the same. */
const BATTERIES: Readonly<Record<string, TransformationBattery>> = {
  schema: {
    options: { 'fields.symbol': 'string', 'fields.price': 'double' },
    examples: [
      { row: BHP, gives: { value: { symbol: 'BHP', price: 45.12 } } },
      { row: NO_PRICE, rejects: 'price: expected a double' },
      { row: RIO, gives: { value: { symbol: 'RIO', price: 131.4 } } },
    ],
    wrongOptions: [{ options: { 'fields.price': 'dubble' }, message: 'double' }],
  },
  route: {
    options: { topic: 'trades.{symbol|lower}', key: 'symbol', 'headers.price': '{price}' },
    examples: [
      { row: BHP, gives: { topic: 'trades.bhp', key: 'BHP', headers: [{ name: 'price', value: '45.12' }] } },
      { row: { symbol: 'B/P', price: '1' }, rejects: 'trades.b/p' },
      { row: RIO, gives: { topic: 'trades.rio', value: RIO } },
      { record: { value: BHP, valueSchema, key: 7n }, gives: { key: 'BHP', valueSchema } },
    ],
    wrongOptions: [{ options: { topic: 'trades.{symbol' }, message: 'topic' }],
  },
  lookup: {
    options: { file: companies, key: 'symbol', fields: 'company_id', 'on.missing': 'reject' },
    examples: [
      { row: BHP, gives: { value: { ...BHP, company_id: '101' } } },
      { row: NO_PRICE, rejects: 'CBA' },
      { row: RIO, gives: { value: { ...RIO, company_id: null } } },
      { record: { value: BHP, valueSchema }, gives: { value: { ...BHP, company_id: '101' } } },
    ],
    wrongOptions: [{ options: { fields: 'symbol' }, message: 'fields: names "symbol"' }],
  },
  constants: {
    options: { 'fields.exchange': 'ASX' },
    examples: [
      { row: BHP, gives: { value: { ...BHP, exchange: 'ASX' } } },
      { row: { exchange: 'LSE' }, rejects: 'exchange' },
      { record: { value: BHP, valueSchema }, gives: { value: { ...BHP, exchange: 'ASX' } } },
    ],
    wrongOptions: [{ options: { 'fields.exchange': '' }, message: 'expected a text' }],
  },
  source: {
    examples: [
      { row: BHP, gives: { value: { ...BHP, _source_file: 'rows.csv', _source_line: 1n } } },
      { row: { _source_file: 'mine' }, rejects: '_source_file' },
      {
        record: { value: BHP, valueSchema },
        gives: { value: { ...BHP, _source_file: 'rows.csv', _source_line: 3n } },
      },
    ],
    wrongOptions: [{ options: { fields: '_source_nmae' }, message: '_source_name' }],
  },
  select: {
    options: { fields: 'price,symbol:ticker' },
    examples: [
      { row: BHP, gives: { value: { price: '45.12', ticker: 'BHP' } } },
      { row: { price: '1' }, rejects: 'expected a field "symbol"' },
      { record: { value: BHP, valueSchema }, gives: { value: { price: '45.12', ticker: 'BHP' } } },
    ],
    wrongOptions: [{ options: { fields: 'a,b:a' }, message: 'fields: names "a"' }],
  },
  set: {
    options: { 'fields.id': '{symbol}-{price}' },
    examples: [
      { row: BHP, gives: { value: { ...BHP, id: 'BHP-45.12' } } },
      { row: { symbol: 'BHP' }, rejects: 'expected a field "price"' },
      { record: { value: RIO, valueSchema }, gives: { value: { ...RIO, id: 'RIO-131.4' } } },
    ],
    wrongOptions: [{ options: { 'fields.id': '{symbol' }, message: 'fields.id' }],
  },
  split: {
    options: { field: 'price', delimiter: '.', into: 'whole,cents' },
    examples: [
      { row: BHP, gives: { value: { ...BHP, whole: '45', cents: '12' } } },
      { row: NO_PRICE, rejects: 'got 1 in "free"' },
      { record: { value: RIO, valueSchema }, gives: { value: { ...RIO, whole: '131', cents: '4' } } },
    ],
    wrongOptions: [{ options: { into: 'a' }, message: 'into' }],
  },
  unpivot: {
    options: { columns: 'price,volume' },
    examples: [
      { row: BHP, gives: { value: { symbol: 'BHP', name: 'price', value: '45.12' } } },
      { row: { symbol: 'BHP' }, rejects: 'expected a field that is one of columns' },
      { row: { symbol: 'BHP', price: '' }, gives: null },
      {
        record: { value: RIO, valueSchema },
        gives: { value: { symbol: 'RIO', name: 'price', value: '131.4' } },
      },
    ],
    wrongOptions: [{ options: { value: 'name' }, message: 'value' }],
  },
  sequence: {
    options: { field: 'n', 'on.gap': 'reject' },
    examples: [
      { row: { n: '1' }, gives: { value: { n: '1' } } },
      { row: { n: '2' }, gives: {} },
      { row: { n: '7' }, rejects: '3' },
      { row: { n: 'x' }, rejects: 'x' },
    ],
    wrongOptions: [{ options: { key: 'a,a' }, message: 'key' }],
  },
  Cast: {
    options: { spec: 'a:int32' },
    examples: [
      { record: { value: { a: '7' }, key: { a: '7' } }, gives: {} },
      { record: { value: { a: 'x' }, key: { a: 'x' } }, rejects: 'a' },
    ],
  },
  DropHeaders: {
    options: { headers: 'a' },
    examples: [{ record: { value: BHP, headers: [{ name: 'a', value: '1' }] }, gives: { headers: [] } }],
    wrongOptions: [{ options: { headers: '' }, message: 'headers' }],
  },
  ExtractField: {
    options: { field: 'symbol' },
    examples: [
      { record: { value: BHP, key: BHP, topic: 't' }, gives: { topic: 't' } },
      { record: { value: [1], key: [1] }, rejects: 'a list' },
      { record: { value: BHP, key: BHP, valueSchema }, gives: {} },
    ],
  },
  Filter: { examples: [{ row: BHP, gives: null }] },
  Flatten: {
    examples: [
      { record: { value: { a: { b: 1 } }, key: { a: { b: 1 } } }, gives: {} },
      { record: { value: 'x', key: 'x' }, rejects: 'expected an object' },
      { record: { value: BHP, key: BHP, valueSchema }, gives: {} },
    ],
  },
  HeaderFrom: {
    options: { fields: 'symbol', headers: 'x', operation: 'copy' },
    examples: [
      { record: { value: BHP, key: BHP }, gives: { headers: [{ name: 'x', value: 'BHP' }] } },
      { record: { value: 'x', key: 'x' }, rejects: 'expected an object' },
      { record: { value: BHP, key: BHP, valueSchema }, gives: {} },
    ],
    wrongOptions: [{ options: { headers: 'x,y' }, message: 'headers' }],
  },
  HoistField: {
    options: { field: 'it' },
    examples: [{ record: { value: BHP, key: BHP, valueSchema }, gives: {} }],
  },
  InsertField: {
    options: { 'topic.field': 't' },
    examples: [
      { record: { value: BHP, key: BHP, topic: 'trades' }, gives: {} },
      { record: { value: BHP, key: BHP, topic: 'trades', valueSchema }, gives: {} },
      { record: { value: 'x', key: 'x', topic: 'trades' }, rejects: 'expected an object' },
    ],
  },
  InsertHeader: {
    options: { header: 'a', 'value.literal': '1' },
    examples: [{ row: BHP, gives: { headers: [{ name: 'a', value: '1' }] } }],
    wrongOptions: [{ options: { header: '' }, message: 'header' }],
  },
  MaskField: {
    options: { fields: 'symbol' },
    examples: [
      { record: { value: BHP, key: BHP }, gives: {} },
      { record: { value: BHP, key: BHP, valueSchema }, gives: {} },
      { record: { value: 'x', key: 'x' }, rejects: 'expected an object' },
    ],
  },
  RegexRouter: {
    options: { regex: 'old-(.*)', replacement: '$1/' },
    examples: [
      { record: { value: BHP, topic: 'trades' }, gives: { topic: 'trades' } },
      { record: { value: BHP, topic: 'old-trades' }, rejects: 'trades/' },
    ],
    wrongOptions: [{ options: { regex: '(' }, message: 'regex' }],
  },
  ReplaceField: {
    options: { exclude: 'price', renames: 'symbol:s' },
    examples: [
      { record: { value: BHP, key: BHP }, gives: {} },
      { record: { value: BHP, key: BHP, valueSchema }, gives: {} },
      { record: { value: 'x', key: 'x' }, rejects: 'expected an object' },
    ],
    wrongOptions: [{ options: { renames: 'a' }, message: 'renames' }],
  },
  TimestampConverter: {
    options: { field: 'at', 'target.type': 'unix' },
    examples: [
      { record: { value: { at: '2026-01-10T09:30:00Z' }, key: { at: '2026-01-10T09:30:00Z' } }, gives: {} },
      { record: { value: { at: 'noon' }, key: { at: 'noon' } }, rejects: 'noon' },
    ],
    wrongOptions: [{ options: { 'target.type': 'year' }, message: 'target.type' }],
  },
  TimestampRouter: {
    examples: [
      { record: { value: BHP, topic: 'trades', timestamp: at }, gives: { topic: 'trades-20260110' } },
      { record: { value: BHP, topic: 'trades' }, rejects: 'timestamp' },
    ],
  },
  SetSchemaMetadata: {
    options: { 'schema.name': 'a.B' },
    examples: [
      { record: { value: BHP, valueSchema }, gives: { valueSchema: { ...valueSchema, name: 'a.B' } } },
      { record: { value: BHP }, rejects: 'expected a schema to name' },
    ],
  },
  ValueToKey: {
    options: { fields: 'symbol' },
    examples: [
      { row: BHP, gives: { key: { symbol: 'BHP' } } },
      { record: { value: BHP, valueSchema }, gives: { key: { symbol: 'BHP' }, valueSchema } },
      { record: { value: 'x' }, rejects: 'expected an object' },
    ],
  },
};

const batteryName = (name: string) => name.split('$')[0] as string;

// Keys have no schema: any options of this one are refused.
const names = builtInNames('transformation').filter((name) => name !== 'SetSchemaMetadata$Key');

test('every built-in transformation has a battery', () => {
  expect(new Set(names.map(batteryName))).toEqual(new Set(Object.keys(BATTERIES)));
});

describe.each(names)('%s', async (name) => {
  const plugin = (await builtInPlugin('transformation', name)?.())?.default as TransformationPlugin;
  const battery = BATTERIES[batteryName(name)] as TransformationBattery;
  for (const { name, run } of testTransformation(plugin, battery)) test(name, run);
});
