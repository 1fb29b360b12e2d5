import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../scripts/stack/http-server.ts';
import { startRegistry } from '../../../scripts/stack/registry.ts';
import avro from '../../../src/converters/avro/index.ts';
import type { FieldSchema, RecordSchema } from '../../../src/plugin/index.ts';
import { uniqueName } from '../../support/stack.ts';
import { bytesOf, get, idIn, register, registryConverter, versions } from '../registry/support.ts';
import { decoded } from './decoding.ts';

const SYMBOL: FieldSchema = { name: 'symbol', type: 'string', optional: false };
const PRICE: FieldSchema = { name: 'price', type: 'decimal', optional: true, precision: 10, scale: 2 };
const TRADE: RecordSchema = { name: 'market.Trade', fields: [SYMBOL, PRICE] };
const BHP = { symbol: 'BHP', price: '45.12' };

let registry: HttpServer;
let url: string;
beforeAll(async () => {
  registry = await startRegistry();
  url = registry.url;
});
afterAll(() => registry.stop());

async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; retriable: boolean }> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'HeadraceError' });
  return error as { code: string; message: string; retriable: boolean };
}

describe('the avro converter', () => {
  it('registers the schema and begins each value with its id', async () => {
    const topic = uniqueName('trades');
    const bytes = await bytesOf(registryConverter(avro, url), topic, TRADE, BHP);
    const latest = await get(url, `/subjects/${topic}-value/versions/latest`);
    expect(idIn(bytes)).toBe(latest.id);
    expect(JSON.parse(String(latest.schema))).toEqual({
      type: 'record',
      name: 'Trade',
      namespace: 'market',
      fields: [
        { name: 'symbol', type: 'string' },
        {
          name: 'price',
          type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }],
          default: null,
        },
      ],
    });
    const row = decoded(String(latest.schema), bytes.subarray(5));
    expect(row).toEqual({ symbol: 'BHP', price: Buffer.from([0x11, 0xa0]) });
  });

  it('registers nothing new when it starts again', async () => {
    const topic = uniqueName('trades');
    const first = await bytesOf(registryConverter(avro, url), topic, TRADE, BHP);
    const again = { ...TRADE, fields: [...TRADE.fields] };
    const second = await bytesOf(registryConverter(avro, url), topic, again, BHP);
    expect(second).toEqual(first);
    expect(await versions(url, `${topic}-value`)).toEqual([1]);
  });

  it('gives a schema that has grown a new id, beside the old one', async () => {
    const topic = uniqueName('trades');
    const converter = registryConverter(avro, url);
    const before = await bytesOf(converter, topic, TRADE, BHP);
    const grown = {
      ...TRADE,
      fields: [...TRADE.fields, { name: 'venue', type: 'string', optional: true } as const],
    };
    const after = await bytesOf(converter, topic, grown, { ...BHP, venue: 'ASX' });
    expect(idIn(after)).not.toBe(idIn(before));
    expect(await versions(url, `${topic}-value`)).toEqual([1, 2]);
    expect(await bytesOf(converter, topic, TRADE, BHP)).toEqual(before);
  });

  it("refuses a schema that the subject's rule forbids, with the registry's reasons", async () => {
    const topic = uniqueName('trades');
    const converter = registryConverter(avro, url);
    await converter.prepare?.(topic, TRADE);
    const needed: FieldSchema = { name: 'venue', type: 'string', optional: false };
    const { code, message, retriable } = await refusal(
      converter.prepare?.(topic, { ...TRADE, fields: [...TRADE.fields, needed] }) as Promise<void>,
    );
    expect({ code, retriable }).toEqual({ code: 'SCHEMA_REFUSED', retriable: false });
    expect(message).toContain(`subject ${topic}-value does not take the schema`);
    expect(message).toContain('venue at /fields/2');
    expect(message).toContain('Make new fields optional');
  });

  it.each([
    ['topic', (topic: string) => `${topic}-value`],
    ['record', () => 'market.Trade'],
    ['topic-record', (topic: string) => `${topic}-market.Trade`],
    ['all.{topic}.{record}', (topic: string) => `all.${topic}.market.Trade`],
    ['market.equities.trades-value', () => 'market.equities.trades-value'],
  ])('registers under the subject that %s stands for', async (subject, name) => {
    const topic = uniqueName('trades');
    await registryConverter(avro, url, { subject }).prepare?.(topic, TRADE);
    const { schema } = await get(url, `/subjects/${name(topic)}/versions/latest`);
    expect(schema).toContain('"Trade"');
  });

  it('writes keys as text under TOPIC-key', async () => {
    const topic = uniqueName('trades');
    const converter = registryConverter(avro, url, {}, 'key');
    const bytes = await bytesOf(converter, topic, null, 'BHP');
    const { id, schema } = await get(url, `/subjects/${topic}-key/versions/latest`);
    expect(JSON.parse(String(schema))).toBe('string');
    expect(bytes).toEqual(Buffer.from([0, 0, 0, 0, Number(id), 6, ...Buffer.from('BHP')]));
    expect((await bytesOf(converter, topic, null, 12n)).subarray(6).toString()).toBe('12');
    expect(converter.serialize(topic, null, null)).toBeNull();
    expect(() => converter.serialize(topic, null, { symbol: 'BHP' })).toThrow(
      'use the json converter for keys',
    );
  });

  it('cannot name the subject of keys after a record', async () => {
    const converter = registryConverter(avro, url, { subject: 'record' }, 'key');
    const { code, message } = await refusal(converter.prepare?.('trades', null) as Promise<void>);
    expect(code).toBe('CONFIG_INVALID');
    expect(message).toContain('key.converter.subject: keys are text and have no record name');
  });
});

describe('the avro converter without auto.register.schemas', () => {
  const theirs = { autoRegisterSchemas: false };

  it("writes by the subject's latest schema: its order, its unions, its defaults", async () => {
    const topic = uniqueName('trades');
    const schema = {
      type: 'record',
      name: 'Deal',
      fields: [
        { name: 'venue', type: 'string', default: 'ASX' },
        {
          name: 'price',
          type: [
            { type: 'fixed', name: 'P', size: 8, logicalType: 'decimal', precision: 18, scale: 4 },
            'null',
          ],
        },
        { name: 'symbol', type: 'string' },
      ],
    };
    const id = await register(url, `${topic}-value`, schema);
    const bytes = await bytesOf(registryConverter(avro, url, theirs), topic, TRADE, BHP);
    expect(idIn(bytes)).toBe(id);
    expect(decoded(JSON.stringify(schema), bytes.subarray(5))).toEqual({
      venue: 'ASX',
      price: Buffer.from('000000000006e280', 'hex'),
      symbol: 'BHP',
    });
    expect(await versions(url, `${topic}-value`)).toEqual([1]);
  });

  it('names every field that does not fit at once', async () => {
    const topic = uniqueName('trades');
    const schema = {
      type: 'record',
      name: 'Deal',
      fields: [
        { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 1 } },
        { name: 'venue', type: 'string' },
      ],
    };
    await register(url, `${topic}-value`, schema);
    const { code, message } = await refusal(
      registryConverter(avro, url, theirs).prepare?.(topic, TRADE) as Promise<void>,
    );
    expect(code).toBe('SCHEMA_REFUSED');
    expect(message).toContain(`do not fit subject ${topic}-value`);
    expect(message).toContain('price: the records have decimal(10, 2), it has decimal(9, 1)');
    expect(message).toContain('venue is missing in the records, and has no default');
    expect(message).toContain('symbol is not in it');
  });

  it('says which subject has no schema', async () => {
    const converter = registryConverter(avro, url, theirs);
    const { code, message } = await refusal(converter.prepare?.('nowhere', TRADE) as Promise<void>);
    expect(code).toBe('SCHEMA_REFUSED');
    expect(message).toContain('subject nowhere-value has no schema');
    expect(message).toContain('auto.register.schemas: true');
  });

  it('refuses a schema of another kind', async () => {
    const topic = uniqueName('trades');
    await register(
      url,
      `${topic}-value`,
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
      'JSON',
    );
    const { message } = await refusal(
      registryConverter(avro, url, theirs).prepare?.(topic, TRADE) as Promise<void>,
    );
    expect(message).toContain('expected a schema of type AVRO, found JSON');
  });
});
