import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../../scripts/stack/http-server.ts';
import { startRegistry } from '../../../scripts/stack/registry.ts';
import jsonSchema from '../../../src/converters/json-schema/index.ts';
import type { FieldSchema, RecordSchema } from '../../../src/plugin/index.ts';
import { uniqueName } from '../../support/stack.ts';
import { bytesOf, get, idIn, register, registryConverter, versions } from '../registry/support.ts';

const TRADE: RecordSchema = {
  name: 'market.Trade',
  doc: 'One trade.',
  fields: [
    { name: 'symbol', type: 'string', optional: false },
    { name: 'price', type: 'decimal', optional: false, precision: 10, scale: 2 },
    { name: 'at', type: 'timestamp', optional: true },
    { name: 'side', type: 'enum', optional: true, symbols: ['buy', 'sell'] },
    { name: 'lots', type: 'int', optional: false, default: 1 },
  ],
};
const BHP = { symbol: 'BHP', price: '45.10', at: '2026-01-05T10:00:00', side: null, lots: 2 };

let registry: HttpServer;
let url: string;
beforeAll(async () => {
  registry = await startRegistry();
  url = registry.url;
});
afterAll(() => registry.stop());

describe('the json-schema converter', () => {
  it('registers a JSON Schema, and writes JSON behind its id', async () => {
    const topic = uniqueName('trades');
    const bytes = await bytesOf(registryConverter(jsonSchema, url), topic, TRADE, BHP);
    const { id, schema, schemaType } = await get(url, `/subjects/${topic}-value/versions/latest`);
    expect(schemaType).toBe('JSON');
    expect(JSON.parse(String(schema))).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'market.Trade',
      description: 'One trade.',
      type: 'object',
      properties: {
        symbol: { type: 'string' },
        price: { type: 'string' },
        at: { type: ['string', 'null'], format: 'date-time' },
        side: { type: ['string', 'null'], enum: ['buy', 'sell', null] },
        lots: { type: 'integer', minimum: -2147483648, maximum: 2147483647, default: 1 },
      },
      required: ['symbol', 'price'],
      additionalProperties: false,
    });
    expect(idIn(bytes)).toBe(id);
    // A time without a zone is one in UTC, and date-time wants to be told.
    expect(bytes.subarray(5).toString()).toBe(
      '{"symbol":"BHP","price":"45.10","at":"2026-01-05T10:00:00Z","side":null,"lots":2}',
    );
  });

  it('evolves by optional fields, and by those with a default', async () => {
    const topic = uniqueName('trades');
    const converter = registryConverter(jsonSchema, url);
    await converter.prepare?.(topic, TRADE);
    const venue: FieldSchema = { name: 'venue', type: 'string', optional: true };
    await converter.prepare?.(topic, { ...TRADE, fields: [...TRADE.fields, venue] });
    expect(await versions(url, `${topic}-value`)).toEqual([1, 2]);
    const changed = TRADE.fields.map(
      (field): FieldSchema => (field.name === 'symbol' ? { ...field, type: 'long' } : field),
    );
    await expect(converter.prepare?.(topic, { ...TRADE, fields: changed })).rejects.toMatchObject({
      code: 'SCHEMA_REFUSED',
      message: expect.stringContaining('/properties/symbol'),
    });
  });

  it('refuses the row of a value that the schema does not allow', async () => {
    const topic = uniqueName('trades');
    const converter = registryConverter(jsonSchema, url);
    await converter.prepare?.(topic, TRADE);
    const write = (change: object) => () => converter.serialize(topic, TRADE, { ...BHP, ...change });
    expect(write({ side: 'hold' })).toThrow('side: expected one of buy, sell, got "hold"');
    expect(write({ lots: 1.5 })).toThrow('lots: expected an int, got 1.5');
    expect(write({ symbol: null })).toThrow('symbol: expected a value, got nothing');
    expect(write({ at: 'yesterday' })).toThrow('at: expected a timestamp');
    expect(() => converter.serialize(topic, null, BHP)).toThrow(
      'json-schema needs a schema: add a transformation of type schema',
    );
    expect(converter.serialize(topic, null, null)).toBeNull();
  });

  it('writes keys as JSON text', async () => {
    const topic = uniqueName('trades');
    const bytes = await bytesOf(registryConverter(jsonSchema, url, {}, 'key'), topic, null, 'say "hi"');
    expect(idIn(bytes)).toBe((await get(url, `/subjects/${topic}-key/versions/latest`)).id);
    expect(bytes.subarray(5).toString()).toBe('"say \\"hi\\""');
  });

  it('names every field that the registry’s own schema does not take', async () => {
    const topic = uniqueName('trades');
    const theirs = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: {
        symbol: { type: 'number' },
        at: { type: 'string' },
        side: { type: ['string', 'null'], enum: ['buy'] },
        lots: {},
      },
      required: ['venue'],
      additionalProperties: false,
    };
    await register(url, `${topic}-value`, theirs, 'JSON');
    const converter = registryConverter(jsonSchema, url, { autoRegisterSchemas: false });
    await expect(converter.prepare?.(topic, TRADE)).rejects.toMatchObject({
      code: 'SCHEMA_REFUSED',
      message: expect.stringContaining(
        'symbol: the records have string, it has number; price is not in it; ' +
          'at may be null in the records, not in it; side: sell not in its enum; venue is missing in the records',
      ),
    });
  });
});
