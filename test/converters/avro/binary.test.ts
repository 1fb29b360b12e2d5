import { describe, expect, it } from 'vitest';
import { writeBigLong, writeLong } from '../../../src/converters/avro/binary.ts';
import type { ByteTarget } from '../../../src/converters/avro/byte-writer.ts';
import { borders } from '../cells/borders.ts';

function written(write: (target: ByteTarget) => number): string {
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

  it('is the same for lengths and indexes', () => {
    for (const value of borders(29).filter((border) => border >= 0n)) {
      expect(written((target) => writeLong(target, 0, Number(value)))).toBe(long(value));
    }
  });
});
