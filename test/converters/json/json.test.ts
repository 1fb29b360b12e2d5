import { describe, expect, it } from 'vitest';
import json from '../../../src/converters/json/index.ts';
import type { RecordSchema } from '../../../src/plugin/index.ts';
import { testContext } from '../../../src/testing/test-context.ts';

const SCHEMA: RecordSchema = {
  name: 'Trade',
  fields: [
    { name: 'symbol', type: 'string', optional: false },
    { name: 'price', type: 'double', optional: true },
    { name: 'quantity', type: 'long', optional: false },
  ],
};

const DECIMAL: RecordSchema = {
  name: 'Trade',
  fields: [{ name: 'price', type: 'decimal', optional: false, precision: 30, scale: 2 }],
};

interface Options {
  readonly schemasEnable?: boolean;
  readonly decimalFormat?: 'string' | 'number';
}

function written(
  value: unknown,
  schema: RecordSchema | null = SCHEMA,
  options: Options = {},
): string | undefined {
  const config = { schemasEnable: false, decimalFormat: 'string', ...options } as const;
  const converter = json.create(config, { ...testContext(), side: 'value' });
  return converter.serialize('trades', schema, value)?.toString();
}

describe('the json converter', () => {
  it("writes fields in the schema's order, longs with all their digits, nothing as null", () => {
    expect(written({ quantity: 9007199254740993n, price: null, symbol: 'BHP' })).toBe(
      '{"symbol":"BHP","price":null,"quantity":9007199254740993}',
    );
  });

  it('writes what a transformation has added after the schema, and leaves out what it has taken away', () => {
    expect(written({ symbol: 'BHP', quantity: 1n, company: { id: 7n } })).toBe(
      '{"symbol":"BHP","quantity":1,"company":{"id":7}}',
    );
    expect(written({ company: 'x' })).toBe('{"company":"x"}');
    expect(written({})).toBe('{}');
  });

  it('writes anything that JSON can hold where there is no schema', () => {
    expect(written({ a: [1n, 'x', null] }, null)).toBe('{"a":[1,"x",null]}');
    expect(written('text', null)).toBe('"text"');
    expect(written(12n, null)).toBe('12');
  });

  it('has no bytes for nothing, which is a tombstone', () => {
    expect(written(null)).toBeUndefined();
    expect(written(null, SCHEMA, { schemasEnable: true })).toBeUndefined();
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => written(() => {}, null)).toThrow('expected a value that JSON can hold, got function');
  });

  it.each([
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['a Date that is none', new Date('no')],
    ['a Map', new Map([['bid', 1]])],
    ['a Set', new Set([1])],
  ])('refuses %s, for which JSON.stringify would write nothing or null', (got, value) => {
    const told = `expected a value that JSON can hold, got ${got}`;
    expect(() => written(value, null)).toThrow(told);
    expect(() => written({ a: [{ b: value }] }, null)).toThrow(told);
    expect(() => written({ symbol: 'BHP', added: value })).toThrow(told);
    expect(() => written({ symbol: value })).toThrow(told);
    expect(() => written({ price: value })).toThrow(told);
    expect(() => written({ '1': 'in order', added: value }, null)).toThrow(told);
  });

  it('writes bytes that a plugin gives as base64, wherever they are, and times as text', () => {
    const value = { bytes: Buffer.from('BHP'), list: [new Uint8Array([1, 2])], at: new Date(0) };
    expect(written(value, null)).toBe('{"bytes":"QkhQ","list":["AQI="],"at":"1970-01-01T00:00:00.000Z"}');
    expect(written({ '1': value }, null)).toBe(
      '{"1":{"bytes":"QkhQ","list":["AQI="],"at":"1970-01-01T00:00:00.000Z"}}',
    );
  });
});

describe('decimal.format', () => {
  const digits = '-00123456789012345678901234567.10';

  it('string keeps the text', () => {
    expect(written({ price: digits }, DECIMAL)).toBe(`{"price":"${digits}"}`);
  });

  it('number writes the digits bare, all of them, without the zeros that JSON forbids', () => {
    const text = written({ price: digits }, DECIMAL, { decimalFormat: 'number' });
    expect(text).toBe('{"price":-123456789012345678901234567.10}');
    expect(written({ price: '0.5' }, DECIMAL, { decimalFormat: 'number' })).toBe('{"price":0.5}');
  });

  it('number refuses the row of what is no decimal', () => {
    expect(() => written({ price: '1e5' }, DECIMAL, { decimalFormat: 'number' })).toThrow(
      'price: expected a decimal, got "1e5"',
    );
  });
});

describe('schemas.enable', () => {
  const enveloped = (value: unknown, schema: RecordSchema | null) =>
    written(value, schema, { schemasEnable: true });

  it("writes the envelope of Connect's JsonConverter", () => {
    expect(enveloped({ symbol: 'BHP', price: 45.12, quantity: 1n }, SCHEMA)).toBe(
      '{"schema":{"type":"struct","fields":[' +
        '{"type":"string","optional":false,"field":"symbol"},' +
        '{"type":"double","optional":true,"field":"price"},' +
        '{"type":"int64","optional":false,"field":"quantity"}],' +
        '"optional":false,"name":"Trade"},"payload":{"symbol":"BHP","price":45.12,"quantity":1}}',
    );
  });

  it("has Connect's logical types, and Debezium's for times that Connect would cut", () => {
    const schema: RecordSchema = {
      name: 'Trade',
      doc: 'One trade.',
      fields: [
        { name: 'day', type: 'date', optional: false },
        { name: 'ms', type: 'timestamp', optional: false, unit: 'millis' },
        { name: 'us', type: 'timestamp', optional: false },
        { name: 'ns', type: 'timestamp', optional: false, unit: 'nanos' },
        { name: 'price', type: 'decimal', optional: true, precision: 10, scale: 2, default: '1.50' },
        { name: 'any', type: 'decimal', optional: false },
      ],
    };
    const at = '2026-01-05T10:00:00.123Z';
    const row = { day: '2026-01-05', ms: at, us: at, ns: at, price: '45.12', any: '0.10' };
    const { schema: shown, payload } = JSON.parse(enveloped(row, schema) as string);
    expect(shown.doc).toBe('One trade.');
    expect(shown.fields).toMatchObject([
      { type: 'int32', name: 'org.apache.kafka.connect.data.Date', field: 'day' },
      { type: 'int64', name: 'org.apache.kafka.connect.data.Timestamp', field: 'ms' },
      { type: 'int64', name: 'io.debezium.time.MicroTimestamp', field: 'us' },
      { type: 'int64', name: 'io.debezium.time.NanoTimestamp', field: 'ns' },
      {
        type: 'bytes',
        name: 'org.apache.kafka.connect.data.Decimal',
        parameters: { scale: '2', 'connect.decimal.precision': '10' },
        default: 'AJY=',
        field: 'price',
      },
      { type: 'string', field: 'any' },
    ]);
    const ms = Date.parse(at);
    // 4512 is 0x11a0.
    expect(payload).toEqual({ day: 20458, ms, us: ms * 1000, ns: ms * 1e6, price: 'EaA=', any: '0.10' });
  });

  it('refuses the row of a value that its schema does not allow', () => {
    const row = { symbol: 'BHP', price: null, quantity: 1n };
    expect(() => enveloped({ ...row, quantity: 'many' }, SCHEMA)).toThrow(
      'quantity: expected a long, got "many"',
    );
    expect(() => enveloped({ price: null, quantity: 1n }, SCHEMA)).toThrow(
      'symbol: expected a value, got nothing',
    );
    expect(() => enveloped({ ...row, venue: 'ASX' }, SCHEMA)).toThrow('venue: not in the schema');
  });

  it('says the type of keys, and nothing of rows without a schema', () => {
    expect(enveloped('BHP', null)).toBe('{"schema":{"type":"string","optional":false},"payload":"BHP"}');
    expect(enveloped({ a: '1' }, null)).toBe('{"schema":null,"payload":{"a":"1"}}');
  });
});
