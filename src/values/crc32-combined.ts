/** The polynomial of CRC-32 (zlib's), lowest power in the highest bit. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
/** x to the power of 8: what a byte moves a checksum by. */
const BYTE = ONE >>> 8;

/**
 * The CRC-32 of two runs of bytes one after another, by the CRC-32 of each and the length of the second: the first is
 * moved by as many bytes of nothing, and the second added. A checksum is a polynomial over GF(2), and so is what moves it.
 */
export function crc32Combined(first: number, second: number, secondLength: number): number {
  let moved = first;
  let power = BYTE;
  for (let left = secondLength; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) moved = product(moved, power);
    power = product(power, power);
  }
  return (moved ^ second) >>> 0;
}

/** The product of two polynomials, modulo that of the CRC. */
function product(one: number, other: number): number {
  let sum = 0;
  let shifted = other;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) sum ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return sum;
}
