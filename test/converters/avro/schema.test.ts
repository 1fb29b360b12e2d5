import { describe, expect, it } from 'vitest';
import { avroSchemaOf } from '../../../src/converters/avro/schema.ts';
import type { FieldSchema, RecordSchema } from '../../../src/plugin/index.ts';

function record(...fields: Partial<FieldSchema>[]): RecordSchema {
  const named = fields.map(
    (field, i) => ({ name: `f${i}`, type: 'string', optional: false, ...field }) as FieldSchema,
  );
  return { name: 'market.Trade', fields: named };
}

function fieldsOf(schema: RecordSchema): unknown[] {
  return JSON.parse(avroSchemaOf(schema)).fields;
}

describe('the Avro schema of a record', () => {
  it('has its name, documentation and fields in order', () => {
    const schema = {
      ...record({ name: 'symbol', doc: 'Ticker.' }, { name: 'lots', type: 'int' }),
      doc: 'One trade.',
    };
    expect(JSON.parse(avroSchemaOf(schema))).toEqual({
      type: 'record',
      name: 'Trade',
      namespace: 'market',
      doc: 'One trade.',
      fields: [
        { name: 'symbol', type: 'string', doc: 'Ticker.' },
        { name: 'lots', type: 'int' },
      ],
    });
    expect(JSON.parse(avroSchemaOf({ name: 'Row', fields: [] }))).toEqual({
      type: 'record',
      name: 'Row',
      fields: [],
    });
  });

  it.each([
    [{ type: 'timestamp' }, { type: 'long', logicalType: 'timestamp-micros' }],
    [
      { type: 'timestamp', unit: 'nanos', local: true },
      { type: 'long', logicalType: 'local-timestamp-nanos' },
    ],
    [{ type: 'date' }, { type: 'int', logicalType: 'date' }],
    [
      { type: 'decimal', precision: 9, scale: 0 },
      { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 0 },
    ],
  ] as const)('has the logical type of %o', (field, type) => {
    expect(fieldsOf(record(field))).toEqual([{ name: 'f0', type }]);
  });

  it("puts a default's type first in the union", () => {
    const optional = true;
    const schema = record(
      { optional },
      { optional, default: 'x' },
      { default: 'y' },
      { type: 'long', optional, default: 9007199254740993n },
      { type: 'decimal', precision: 9, scale: 2, default: '-1.50' },
      { type: 'timestamp', default: '2026-01-05T10:00:00Z' },
    );
    expect(fieldsOf(schema)).toMatchObject([
      { type: ['null', 'string'], default: null },
      { type: ['string', 'null'], default: 'x' },
      { type: 'string', default: 'y' },
      { type: ['long', 'null'] },
      { default: '\u00ff\u006a' },
      { default: Date.parse('2026-01-05T10:00:00Z') * 1000 },
    ]);
    expect(avroSchemaOf(schema)).toContain('"default":9007199254740993');
  });

  it('names enums after the record and the field, and defines each name once', () => {
    const symbols = ['buy', 'sell'];
    const type = 'enum';
    const schema = record(
      { name: 'side', type, symbols },
      { name: 'order_side', type, symbols, enumName: 'Side' },
      { name: 'other', type, symbols, enumName: 'market.Side' },
      { name: 'Side', type, symbols: ['up'] },
    );
    expect(fieldsOf(schema)).toEqual([
      { name: 'side', type: { type, name: 'market.TradeSide', symbols } },
      { name: 'order_side', type: { type, name: 'market.Side', symbols } },
      { name: 'other', type: 'market.Side' },
      { name: 'Side', type: { type, name: 'market.TradeSide2', symbols: ['up'] } },
    ]);
  });

  it('is refused with everything that Avro cannot hold', () => {
    const schema = record(
      { name: 'last price' },
      { name: 'fee', type: 'decimal' },
      { name: 'side', type: 'enum', symbols: ['B-S', 'ok'] },
      { name: 'a', type: 'enum', symbols: ['x'], enumName: 'E' },
      { name: 'b', type: 'enum', symbols: ['y'], enumName: 'E' },
    );
    const message = (() => {
      try {
        return avroSchemaOf({ ...schema, name: 'market.2Trade' });
      } catch (error) {
        expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
        return (error as Error).message;
      }
    })();
    for (const part of [
      'the name of the record is "market.2Trade"',
      'a field is called "last price"',
      'decimal fee has no precision and scale; set fields.fee.precision and fields.fee.scale',
      'enum side has the symbols "B-S"',
      'enum b is called market.E, as is another type with other symbols',
    ]) {
      expect(message).toContain(part);
    }
  });
});
