import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32Combined } from '../../src/values/crc32-combined.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

it('The checksum of two runs of bytes is made of the checksums of each', () => {
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const whole = crc32(Buffer.concat([one, other]));
      expect(crc32Combined(crc32(one), crc32(other), other.length)).toBe(whole);
    }),
  );
});

it('It is so for a second run of many gigabytes', () => {
  const megabyte = Buffer.alloc(1 << 20, 'x');
  let crc = crc32(megabyte);
  let length = megabyte.length;
  for (; length < 2 ** 35; length *= 2) crc = crc32Combined(crc, crc, length);
  expect(crc32Combined(crc, crc32('end'), 3)).toBe(crc32('end', crc));
  expect(crc32Combined(crc32('begin'), crc, length)).not.toBe(crc32Combined(crc32('begun'), crc, length));
});
