import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { builtInNames, builtInPlugin } from '../../src/loader/built-in.ts';
import type { ConverterPlugin, RecordSchema } from '../../src/plugin/index.ts';
import { type ConverterBattery, testConverter } from '../../src/testing/index.ts';

const TRADE: RecordSchema = {
  name: 'market.Trade',
  fields: [
    { name: 'symbol', type: 'string', optional: false },
    { name: 'volume', type: 'long', optional: true },
  ],
};
const QUOTE: RecordSchema = {
  name: 'market.Quote',
  fields: [{ name: 'bid', type: 'double', optional: false }],
};
const BHP = { symbol: 'BHP', volume: 9007199254740993n };

let registry: HttpServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

/** Behind the magic byte and the id that this registry gives. */
const framed = (id: number, bytes: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, id]), Buffer.from(bytes, 'latin1')]);

type OfUrl = (registryUrl: string) => ConverterBattery;

const BATTERIES: Readonly<Record<string, ConverterBattery | OfUrl>> = {
  string: {
    examples: [
      { value: 'BHP', gives: 'BHP' },
      { value: 7n, gives: '7' },
      { value: { symbol: 'BHP' }, rejects: 'expected text' },
      { value: null, gives: null },
    ],
  },
  bytes: {
    side: 'key',
    examples: [
      { value: Buffer.from([0, 255]), gives: Uint8Array.of(0, 255) },
      { value: 'BHP', rejects: 'expected a Buffer' },
    ],
  },
  json: {
    examples: [
      { value: BHP, schema: TRADE, gives: '{"symbol":"BHP","volume":9007199254740993}' },
      { value: { bid: 1.5 }, schema: QUOTE, gives: '{"bid":1.5}' },
      { value: { a: ['ä'] }, gives: '{"a":["ä"]}' },
      { value: 'BHP', topic: 'other', gives: '"BHP"' },
      { value: { bid: 'x' }, schema: QUOTE, gives: '{"bid":"x"}' },
    ],
    wrongOptions: [{ options: { 'decimal.format': 'words' }, message: 'decimal.format' }],
  },
  avro: (url) => ({
    options: { 'schema.registry.url': url },
    examples: [
      {
        value: BHP,
        schema: TRADE,
        topic: 'trades',
        gives: framed(1, '\x06BHP\x02\x82\x80\x80\x80\x80\x80\x80\x20'),
      },
      { value: { bid: 1.5 }, schema: QUOTE, topic: 'quotes', gives: framed(2, '\0\0\0\0\0\0\xf8?') },
      { value: { bid: 'x' }, schema: QUOTE, topic: 'quotes', rejects: 'bid' },
    ],
  }),
  'json-schema': (url) => ({
    options: { 'schema.registry.url': url },
    examples: [
      { value: { bid: 1.5 }, schema: QUOTE, topic: 'json-quotes', gives: framed(3, '{"bid":1.5}') },
      {
        value: BHP,
        schema: TRADE,
        topic: 'json-trades',
        gives: framed(4, '{"symbol":"BHP","volume":9007199254740993}'),
      },
      { value: { bid: Number.NaN }, schema: QUOTE, topic: 'json-quotes', rejects: 'NaN' },
    ],
  }),
};

const names = builtInNames('converter');

test('every built-in converter has a battery', () => {
  expect(Object.keys(BATTERIES).sort()).toEqual(names);
});

describe.each(names)('%s', async (name) => {
  const plugin = (await builtInPlugin('converter', name)?.())?.default as ConverterPlugin;
  const battery = BATTERIES[name] as ConverterBattery | OfUrl;
  const casesFor = (url: string) =>
    testConverter(plugin, typeof battery === 'function' ? battery(url) : battery);
  // The registry runs once the tests do.
  casesFor('http://localhost').forEach(({ name: title }, index) => {
    test(title, () => casesFor(registry.url)[index]?.run());
  });
});
