import { describe, expect, it } from 'vitest';
import { fitRecord } from '../../../src/converters/avro/fit.ts';
import { compileAvroRecord } from '../../../src/converters/avro/record.ts';
import { avroSchemaOf } from '../../../src/converters/avro/schema.ts';
import type { FieldSchema, RecordSchema } from '../../../src/plugin/index.ts';
import { decoded } from './decoding.ts';

/** A value through a schema of one field, as Avro's reader has it. */
function throughAvro(field: Partial<FieldSchema>, value: unknown): unknown {
  const schema = {
    name: 'Row',
    fields: [{ name: 'f', type: 'string', optional: false, ...field } as FieldSchema],
  };
  const read = decoded(avroSchemaOf(schema), write(schema)({ f: value }));
  return read.f;
}

function write(schema: RecordSchema): (value: unknown) => Uint8Array {
  const fit = fitRecord(schema, avroSchemaOf(schema));
  if ('problems' in fit) throw new Error(fit.problems.join());
  return compileAvroRecord(Buffer.alloc(0), fit.places);
}

const AT = Date.parse('2026-01-05T10:00:00Z');

describe('a value in Avro', () => {
  it.each<[Partial<FieldSchema>, unknown, unknown]>([
    [{ type: 'long' }, -(2n ** 63n), -(2n ** 63n)],
    [{ type: 'long' }, 5, 5n],
    [{ type: 'int' }, -2147483648, -2147483648],
    [{ type: 'double' }, -0, -0],
    [{ type: 'string' }, 'é日\u{1f600}', 'é日\u{1f600}'],
    [{ type: 'string', optional: true }, null, null],
    [{ type: 'string', optional: true, default: 'x' }, undefined, 'x'],
    [{ type: 'decimal', precision: 4, scale: 2 }, '-0.10', Buffer.from([0xf6])],
    [{ type: 'decimal', precision: 4, scale: 2 }, '12.3400', Buffer.from([0x04, 0xd2])],
    [{ type: 'decimal', precision: 40, scale: 0 }, '0', Buffer.from([0])],
    [{ type: 'timestamp', unit: 'millis' }, '2026-01-05T20:30:00.000000+10:30', BigInt(AT)],
    [{ type: 'timestamp' }, '2026-01-05T10:00:00', BigInt(AT) * 1000n],
    [{ type: 'timestamp', unit: 'nanos' }, '1960-01-01T00:00:00.000000001Z', -315619199999999999n],
    [{ type: 'timestamp', local: true }, '2026-01-05T10:00:00', BigInt(AT) * 1000n],
    [{ type: 'timestamp' }, '9999-12-31T23:59:59.999999Z', 253402300799999999n],
    [{ type: 'date' }, '1969-12-31', -1],
  ])('%o of %s is %s', (field, value, read) => {
    expect(throughAvro(field, value)).toEqual(read);
  });

  it.each<[Partial<FieldSchema>, unknown, string]>([
    [{ type: 'long' }, 2n ** 63n, 'f: expected a long, got 9223372036854775808'],
    [{ type: 'long' }, 2 ** 53, 'f: expected a long'],
    [{ type: 'int' }, 2147483648, 'f: expected an int, got 2147483648'],
    [{ type: 'int' }, '5', 'f: expected an int, got "5"'],
    [{ type: 'float' }, 1e39, 'f: expected a float'],
    [{ type: 'string' }, 5, 'f: expected text, got 5'],
    [{ type: 'string' }, null, 'f: expected text, got nothing'],
    [{ type: 'string' }, { a: 1 }, 'f: expected text, got an object'],
    [{ type: 'boolean' }, 'true', 'f: expected true or false'],
    [{ type: 'decimal', precision: 4, scale: 2 }, '100.00', 'f: expected a decimal of precision 4, scale 2'],
    [{ type: 'decimal', precision: 4, scale: 2 }, '1.234', 'f: expected a decimal of precision 4, scale 2'],
    [
      { type: 'timestamp', unit: 'millis' },
      '2026-01-05T10:00:00.0001Z',
      'at most 3 digits behind the second',
    ],
    [{ type: 'timestamp', unit: 'nanos' }, '2263-01-01T00:00:00Z', 'a timestamp from 1677 to 2262'],
    [{ type: 'timestamp' }, '2026-02-30T10:00:00Z', 'f: expected a timestamp (2026-01-31T09:30:00.000Z)'],
    [{ type: 'timestamp', local: true }, '2026-01-05T10:00:00+10:30', 'a local timestamp, which has no zone'],
    [{ type: 'date' }, '2026-02-30', 'f: expected a date (2026-01-31)'],
    [{ type: 'enum', symbols: ['buy', 'sell'] }, 'hold', 'f: expected one of buy, sell, got "hold"'],
  ])('%o refuses %s', (field, value, message) => {
    expect(() => throughAvro(field, value)).toThrow(message);
  });

  it('is that of every field of the schema and of no other', () => {
    const fields: FieldSchema[] = [{ name: 'toString', type: 'string', optional: false }];
    const serialize = write({ name: 'Row', fields });
    expect(() => serialize({})).toThrow('toString: expected text, got nothing');
    expect(() => serialize({ toString: 'x', venue: 'ASX' })).toThrow('venue: not in the schema');
    expect(() => serialize('x')).toThrow('expected an object with the fields of the schema, got "x"');
    expect([...serialize({ toString: 'x', venue: undefined })]).toEqual([2, 0x78]);
  });
});
