import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/kafka/crc32c.ts';

/** The definition, a bit at a time. */
function slowly(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
  }
  return ~crc >>> 0;
}

describe('crc32c', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
    ['32 zero bytes (RFC 3720, B.4)', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones (RFC 3720, B.4)', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 rising bytes (RFC 3720, B.4)', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ])('gives the published value for %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('agrees with the definition for every start, end and alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(20), fc.nat(20), (bytes, offset, cut) => {
        const shifted = new Uint8Array(offset + bytes.length).subarray(offset);
        shifted.set(bytes);
        const end = Math.max(0, bytes.length - cut);
        const start = Math.min(cut, end);
        expect(crc32c(shifted, start, end)).toBe(slowly(bytes.subarray(start, end)));
      }),
    );
  });
});
