import { LANES, lanesOf } from './copy.ts';

const ZERO: i8 = 0x30;

/** How many digits stand at `start`, before `end` or the first byte that is none. */
export function plainDigits(start: usize, end: usize): usize {
  for (let at = start; at < end; at += LANES) {
    const others = otherBytes(at, end);
    if (others !== 0) return at + ctz(others) - start;
  }
  return end - start;
}

/** Which of the 16 bytes at `at`, as far as they are before `end`, are no digits, the first in the lowest bit. */
export function otherBytes(at: usize, end: usize): u32 {
  const values = i8x16.sub(v128.load(at), i8x16.splat(ZERO));
  return i8x16.bitmask(i8x16.ge_u(values, i8x16.splat(10))) & lanesOf(at, end);
}
