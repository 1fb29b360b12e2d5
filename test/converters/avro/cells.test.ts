import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAvroCells } from '../../../src/converters/avro/cells.ts';
import { type AvroPlace, fitRecord } from '../../../src/converters/avro/fit.ts';
import { compileAvroRecord } from '../../../src/converters/avro/record.ts';
import { avroSchemaOf } from '../../../src/converters/avro/schema.ts';
import { type FieldSchema, type RecordSchema, RowError } from '../../../src/plugin/index.ts';
import type { CellWriter } from '../../../src/rows/index.ts';
import { cellsOf, cellValue, planOf, releaseCells, writtenCells } from '../cells/cells.ts';
import { type RandomTable, randomTable } from '../cells/random-rows.ts';
import { decoded } from './decoding.ts';

const HEADER = Buffer.from([0, 0, 0, 1, 2]);

function placesOf(schema: RecordSchema): readonly AvroPlace[] {
  const fit = fitRecord(schema, avroSchemaOf(schema));
  if ('problems' in fit) throw new Error(fit.problems.join());
  return fit.places;
}

/** Both ways' bytes for each row: from its cells (null where they are not taken), and from its record (null if refused). */
function bothWays({ schema, cases, rows }: RandomTable) {
  const places = placesOf(schema);
  const writer = compileAvroCells(HEADER, places, planOf(schema, cases)) as CellWriter;
  const write = compileAvroRecord(HEADER, places);
  const width = schema.fields.length;
  const cells = cellsOf(rows);
  const ways = rows.map((row, index) => {
    const values = schema.fields.map((field, i) => cellValue(field, row[i] as string, cases[i]));
    const value = Object.fromEntries(schema.fields.map(({ name }, i) => [name, values[i]]));
    let record: Uint8Array | null = null;
    try {
      record = write(value);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
    }
    return { cells: writtenCells(writer, cells, 2 * width * index, width), record, values };
  });
  releaseCells(cells);
  return ways;
}

/** What a value is in Avro, worked out in another way than the converter's. */
function expected(field: FieldSchema, value: unknown): unknown {
  if (value === null) return null;
  switch (field.type) {
    case 'float':
      return Math.fround(value as number);
    case 'long':
      return value;
    case 'date':
      return Math.round(Date.parse(`${value}T00:00:00Z`) / 86_400_000);
    case 'decimal': {
      const [whole = '', fraction = ''] = String(value).replace('-', '').split('.');
      const scale = field.scale ?? 0;
      const unscaled = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
      return String(value).startsWith('-') ? -unscaled : unscaled;
    }
    case 'timestamp': {
      const [, second, fraction = '', zone = ''] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(
        String(value),
      ) as RegExpExecArray;
      const digits = { millis: 3, micros: 6, nanos: 9 }[field.unit ?? 'micros'];
      const ms = BigInt(Date.parse(`${second}${zone === '' ? 'Z' : zone}`));
      return (ms / 1000n) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0').slice(0, digits));
    }
    default:
      return value;
  }
}

function fromAvro(field: FieldSchema, value: unknown): unknown {
  if (field.type !== 'decimal' || value === null) return value;
  const bytes = value as Buffer;
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
}

describe('Avro from cells', () => {
  it('is byte for byte what the record gives, and never taken where the record is refused', () => {
    fc.assert(
      fc.property(randomTable, (table) => {
        for (const { cells, record } of bothWays(table)) {
          if (cells !== null) expect(cells.toString('hex')).toBe(Buffer.from(record ?? []).toString('hex'));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('reads back as the value that was in the row, by any reader of Avro', () => {
    fc.assert(
      fc.property(randomTable, (table) => {
        const text = avroSchemaOf(table.schema);
        for (const { record, values } of bothWays(table)) {
          if (record === null) continue;
          const row = decoded(text, record.subarray(HEADER.length));
          table.schema.fields.forEach((field, i) => {
            expect(fromAvro(field, row[field.name])).toEqual(expected(field, values[i]));
          });
        }
      }),
      { numRuns: 600 },
    );
  });

  it('takes every row of an ordinary feed', () => {
    const schema: RecordSchema = {
      name: 'market.Trade',
      fields: [
        { name: 'symbol', type: 'string', optional: false },
        { name: 'price', type: 'decimal', optional: false, precision: 12, scale: 4 },
        { name: 'at', type: 'timestamp', optional: false, unit: 'nanos' },
        { name: 'side', type: 'enum', optional: true, symbols: ['buy', 'sell'] },
      ],
    };
    const rows = [
      ['BHP', '45.12', '2026-01-05T10:00:00.123456789Z', 'buy'],
      ['RIO', '-0.5', '2026-01-05T10:00:00Z', ''],
    ];
    const ways = bothWays({ schema, cases: [], rows });
    for (const { cells, record } of ways) expect(cells).toEqual(record);
  });
});
