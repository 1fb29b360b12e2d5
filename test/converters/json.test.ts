import { describe, expect, it } from 'vitest';
import json from '../../src/converters/json.ts';
import type { RecordSchema } from '../../src/plugin/index.ts';
import { testContext } from '../../src/testing/test-context.ts';

const SCHEMA: RecordSchema = {
  name: 'Trade',
  fields: [
    { name: 'symbol', type: 'string', optional: false },
    { name: 'price', type: 'double', optional: true },
    { name: 'quantity', type: 'long', optional: false },
  ],
};

function written(value: unknown, schema: RecordSchema | null = SCHEMA): string | undefined {
  const converter = json.create({}, { ...testContext(), side: 'value' });
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
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => written(() => {}, null)).toThrow('expected a value that JSON can hold, got function');
  });
});
