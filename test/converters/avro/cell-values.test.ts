import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAvroCells } from '../../../src/converters/avro/cells.ts';
import { fitRecord } from '../../../src/converters/avro/fit.ts';
import { compileAvroRecord } from '../../../src/converters/avro/record.ts';
import { avroSchemaOf } from '../../../src/converters/avro/schema.ts';
import type { FieldSchema } from '../../../src/plugin/index.ts';
import type { CellWriter } from '../../../src/rows/index.ts';
import { borders } from '../cells/borders.ts';
import { cellsOf, cellValue, planOf, releaseCells, writtenCells } from '../cells/cells.ts';

const HEADER = Buffer.from([0, 0, 0, 1, 2]);

/** Each cell's bytes as a field of the type, null where it is not written, by each way: from the cell, from the record. */
function bothWays(
  type: Omit<FieldSchema, 'name' | 'optional'>,
  cells: readonly string[],
  avroType?: unknown,
) {
  const field: FieldSchema = { name: 'value', optional: false, ...type };
  const schema = { name: 'market.Trade', fields: [field] };
  const text = avroType === undefined ? avroSchemaOf(schema) : schemaWith(avroType);
  const fit = fitRecord(schema, text);
  if ('problems' in fit) throw new Error(fit.problems.join());
  const writer = compileAvroCells(HEADER, fit.places, planOf(schema)) as CellWriter;
  const write = compileAvroRecord(HEADER, fit.places);
  const rows = cellsOf(cells.map((cell) => [cell]));
  const fromCells = cells.map((_, row) => writtenCells(writer, rows, 2 * row, 1)?.toString('hex') ?? null);
  releaseCells(rows);
  const fromRecords = cells.map((cell) => {
    try {
      return Buffer.from(write({ value: cellValue(field, cell) })).toString('hex');
    } catch {
      return null;
    }
  });
  return { fromCells, fromRecords };
}

function schemaWith(type: unknown): string {
  return JSON.stringify({ type: 'record', name: 'Trade', fields: [{ name: 'value', type }] });
}

/** The point put before the last `scale` digits. */
function withPoint(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(-scale)}`;
}

describe('a cell in Avro', () => {
  it('is the long of the record, up to the last one there is', () => {
    const longs = [...borders(62), 2n ** 63n - 1n, -(2n ** 63n)].map(String);
    const { fromCells, fromRecords } = bothWays({ type: 'long' }, longs);
    expect(fromCells).toEqual(fromRecords);
    expect(fromCells).not.toContain(null);
  });

  it('is left to the record where it is a number beyond every long', () => {
    const beyond = [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 19n, 10n ** 30n].map(String);
    expect(bothWays({ type: 'long' }, beyond).fromCells).toEqual(beyond.map(() => null));
  });

  it.each([0, 1, 4, 8, 9, 17, 30])(
    'is the decimal of the record, with %i digits behind the point',
    (scale) => {
      const numbers = borders(120);
      const decimals = numbers.map((value) => (scale === 0 ? String(value) : withPoint(value, scale)));
      const fixed = {
        type: 'fixed',
        name: 'd',
        size: 20,
        logicalType: 'decimal',
        precision: 38,
        scale,
      };
      for (const avroType of [undefined, fixed]) {
        const type = { type: 'decimal', precision: 38, scale } as const;
        const { fromCells, fromRecords } = bothWays(type, decimals, avroType);
        expect(fromCells).toEqual(fromRecords);
        expect(fromCells).not.toContain(null);
      }
    },
  );

  it('is a decimal with zeros that do not count, and none with digits that do', () => {
    const type = { type: 'decimal', precision: 6, scale: 2 } as const;
    const fitting = [
      '0',
      '00',
      '-0',
      '-0.00',
      '0.000',
      '0009999.99',
      '-9999.9900000',
      '0000000000000000000001.5',
    ];
    const { fromCells, fromRecords } = bothWays(type, fitting);
    expect(fromCells).toEqual(fromRecords);
    expect(fromCells).not.toContain(null);
    const others = ['10000', '-10000.00', '0.001', '1.2300001', '12345678901234567890'];
    expect(bothWays(type, others).fromCells).toEqual(others.map(() => null));
  });

  it('is the double nearest to the number, or left to the record where one division does not find it', () => {
    const digits = fc.bigInt({ min: 0n, max: 2n ** 55n });
    const number = fc
      .tuple(digits, fc.integer({ min: 0, max: 25 }), fc.constantFrom('', '-'))
      .map(([value, scale, sign]) => sign + (scale === 0 ? String(value) : withPoint(value, scale)));
    fc.assert(
      fc.property(fc.array(number, { minLength: 20, maxLength: 20 }), (numbers) => {
        const { fromCells, fromRecords } = bothWays({ type: 'double' }, numbers);
        numbers.forEach((text, index) => {
          const isExact =
            BigInt(text.replace(/[-.]/g, '')) <= 2n ** 53n && (text.split('.')[1] ?? '').length <= 22;
          expect(fromCells[index]).toBe(isExact ? fromRecords[index] : null);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is left to the record where a number has an exponent', () => {
    const numbers = ['1e21', '1.5e-7', '-2E+3', '123456789012345e10'];
    for (const type of ['double', 'float'] as const) {
      expect(bothWays({ type }, numbers).fromCells).toEqual(numbers.map(() => null));
    }
  });

  it('is the float of the record', () => {
    const numbers = ['0', '-0', '0.1', '16777217', '-3.4028235', '0.0000001', '123456789.125'];
    const { fromCells, fromRecords } = bothWays({ type: 'float' }, numbers);
    expect(fromCells).toEqual(fromRecords);
  });

  it('is the date of the record, on every day of years of all kinds', () => {
    const days = [
      '0001',
      '0004',
      '1600',
      '1900',
      '1969',
      '1970',
      '2000',
      '2023',
      '2024',
      '2100',
      '9999',
    ].flatMap((year) =>
      Array.from({ length: 366 }, (_, day) =>
        new Date(Date.parse(`${year}-01-01`) + 86_400_000 * day).toISOString().slice(0, 10),
      ).filter((date) => date.startsWith(year)),
    );
    const { fromCells, fromRecords } = bothWays({ type: 'date' }, days);
    expect(fromCells).toEqual(fromRecords);
    expect(fromCells).not.toContain(null);
  });

  it.each(['millis', 'micros', 'nanos'] as const)('is the timestamp of the record in %s', (unit) => {
    const seconds = [
      '1970-01-01T00:00:00',
      '1999-12-31T23:59:59',
      '2024-02-29T12:34:56',
      '2199-12-31T23:59:59',
    ];
    const fractions = [
      '',
      '.1',
      '.12',
      '.123',
      '.1230',
      '.123000000',
      '.123456',
      '.123456000',
      '.123456789',
      '.000000001',
    ];
    const times = seconds.flatMap((second) => fractions.map((fraction) => `${second}${fraction}Z`));
    const { fromCells, fromRecords } = bothWays({ type: 'timestamp', unit }, times);
    expect(fromCells).toEqual(fromRecords);
    expect(fromCells[0]).not.toBeNull();
  });

  it('is the timestamp of the record whichever came before, of its minute or of another', () => {
    const times = [
      '2026-01-05T10:00:00Z',
      '2026-01-05T10:00:59.999999999Z',
      '2026-01-05T10:00:00+10:30',
      '2026-01-05T10:00:01.5Z',
      '2262-01-05T10:00:02Z',
      '2026-01-05T10:01:02Z',
      '2026-01-05T10:00:02Z',
      '2027-01-05T10:00:02Z',
    ];
    const { fromCells, fromRecords } = bothWays({ type: 'timestamp', unit: 'micros' }, times);
    expect(fromCells).toEqual(fromRecords.map((bytes, i) => ([1, 2, 4].includes(i) ? null : bytes)));
  });

  it('is left to the record where a timestamp has another zone, or is of a year that not every unit has', () => {
    const times = [
      '2026-01-05T10:00:00',
      '2026-01-05T10:00:00+10:30',
      '1969-12-31T23:59:59Z',
      '2262-01-01T00:00:00Z',
    ];
    expect(bothWays({ type: 'timestamp' }, times).fromCells).toEqual(times.map(() => null));
  });

  it('is the index of its word, and left to the record where it is none', () => {
    const symbols = [
      'buy',
      'sell',
      'sel',
      'a_word_of_more_than_sixteen_letters',
      'a_word_of_more_than_sixteen_lettera',
    ];
    const { fromCells, fromRecords } = bothWays({ type: 'enum', symbols }, [
      ...symbols,
      'buys',
      'b',
      'a_word_of_more_than_sixteen_letterz',
    ]);
    expect(fromCells).toEqual(fromRecords);
    expect(fromCells.slice(-3)).toEqual([null, null, null]);
  });

  it('is left to the record where it is empty and the schema wants a value', () => {
    expect(bothWays({ type: 'string' }, ['', 'BHP'])).toEqual({
      fromCells: [null, '000000010206424850'],
      fromRecords: [null, '000000010206424850'],
    });
  });

  it('is text of any length', () => {
    const texts = Array.from({ length: 200 }, (_, length) => 'é'.repeat(length + 1));
    const { fromCells, fromRecords } = bothWays({ type: 'string' }, texts);
    expect(fromCells).toEqual(fromRecords);
  });
});
