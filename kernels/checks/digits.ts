const LANES: usize = 16;
const ZERO: i8 = 0x30;

/** Which of the 16 bytes at `at` are digits, the first in the lowest bit. */
export function digitsAt(at: usize): u32 {
  const values = i8x16.sub(v128.load(at), i8x16.splat(ZERO));
  return i8x16.bitmask(i8x16.le_u(values, i8x16.splat(9)));
}

/** Which of the 16 bytes at `at` are zeros. */
export function zerosAt(at: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(ZERO)));
}

/** The first byte that is not a digit, or `end`. */
export function digitsEnd(start: usize, end: usize): usize {
  let at = start;
  while (at < end) {
    // The bits behind the 16 count as none.
    const digits: usize = ctz(~digitsAt(at));
    at += digits;
    if (digits < LANES) break;
  }
  return at < end ? at : end;
}
