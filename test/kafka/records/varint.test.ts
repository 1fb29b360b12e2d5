import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeDecimal, writeVarint, writeVarlong, zigzagWidth } from '../../../src/kafka/records/varint.ts';

const buffer = Buffer.alloc(32);
const decimal = (value: number) => buffer.toString('latin1', 0, writeDecimal(buffer, 0, value));

describe('varints', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [2_147_483_647, 'feffffff0f'],
    [-2_147_483_648, 'ffffffff0f'],
  ])('writes %i as Protocol Buffers do', (value, hex) => {
    expect(buffer.toString('hex', 0, writeVarint(buffer, 0, value))).toBe(hex);
    expect(buffer.toString('hex', 0, writeVarlong(buffer, 0, value))).toBe(hex);
  });

  it('knows how wide a length will be', () => {
    fc.assert(fc.property(fc.nat(), (value) => writeVarint(buffer, 0, value) === zigzagWidth(value)));
    for (const edge of [63, 64, 8191, 8192, 1_048_575, 1_048_576, 134_217_727, 134_217_728]) {
      expect(writeVarint(buffer, 0, edge)).toBe(zigzagWidth(edge));
    }
  });
});

describe('writeDecimal', () => {
  it('writes the digits of every whole number', () => {
    fc.assert(fc.property(fc.oneof(fc.maxSafeNat(), fc.nat()), (value) => decimal(value) === String(value)));
    for (const edge of [0, 9, 10, 2 ** 31 - 1, 2 ** 31, 1e9, 1e10, 1e15, Number.MAX_SAFE_INTEGER]) {
      expect(decimal(edge)).toBe(String(edge));
    }
  });
});
