import { describe, expect, it } from 'vitest';
import { writeBigLong, writeLong, writeLongOf, writeUnscaled } from '../../src/converters/avro-binary.ts';
import { timestampForm } from '../../src/converters/cell-timestamps.ts';
import { twosComplement } from '../../src/converters/decimal.ts';
import type { CellTarget } from '../../src/plugin/index.ts';
import { cellsOf } from './cells.ts';

/** Every power of two up to `bits`, what is beside it, and their negatives. */
function borders(bits: number): bigint[] {
  const near = Array.from({ length: bits + 1 }, (_, bit) => [
    2n ** BigInt(bit) - 1n,
    2n ** BigInt(bit),
    2n ** BigInt(bit) + 1n,
  ]);
  return near.flat().flatMap((value) => [value, -value]);
}

function written(write: (target: CellTarget) => number): string {
  const buffer = Buffer.alloc(32, 0xee);
  const end = write({ buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.length) });
  return buffer.toString('hex', 0, end);
}

const long = (value: bigint) => written((target) => writeBigLong(target, 0, value));

describe("Avro's binary form", () => {
  it('of a long is the zigzag varint of the specification', () => {
    const examples = [0n, -1n, 1n, -2n, 2n, -64n, 64n].map(long);
    expect(examples).toEqual(['00', '01', '02', '03', '04', '7f', '8001']);
    expect(long(-(2n ** 63n))).toBe('ffffffffffffffffff01');
  });

  it('is the same from numbers of 52 bits', () => {
    for (const value of borders(51)) {
      expect(written((target) => writeLong(target, 0, Number(value)))).toBe(long(value));
    }
  });

  it('is the same from two halves of a number', () => {
    const unit = 10n ** 9n;
    for (const value of [...borders(59), 2n ** 33n * unit - 1n]) {
      const magnitude = value < 0n ? -value : value;
      const [high, low] = [Number(magnitude / unit), Number(magnitude % unit)];
      expect(written((target) => writeLongOf(target, 0, high, low, value < 0n))).toBe(long(value));
    }
  });

  it("of a decimal's digits is their two's complement, in as few bytes as it takes or as many as a fixed has", () => {
    for (const value of borders(51)) {
      const bytes = Buffer.from(twosComplement(value)).toString('hex');
      const sized = Buffer.from(BigInt.asUintN(96, value).toString(16).padStart(24, '0'), 'hex').toString(
        'hex',
      );
      const number = Number(value);
      expect(written((target) => writeUnscaled(target, 0, number, null)).slice(2)).toBe(bytes);
      expect(written((target) => writeUnscaled(target, 0, number, 12))).toBe(sized);
    }
  });

  it('of timestamps is that of each, whichever part of the day before has changed', () => {
    const days = [
      '2026-01-05',
      '2026-01-05',
      '2026-01-06',
      '2026-02-06',
      '2027-02-06',
      '2026-01-05',
      '1970-01-01',
    ];
    const rows = days.map((day) => [`${day}T10:00:00.5Z`]);
    const cells = cellsOf(rows);
    const form = timestampForm(3);
    rows.forEach(([text], row) => {
      const [start, end] = cells.bounds.subarray(2 * row) as unknown as [number, number];
      const bytes = written((target) => form.write(target, 0, cells, start, end));
      expect(bytes).toBe(long(BigInt(Date.parse(text as string))));
    });
  });
});
