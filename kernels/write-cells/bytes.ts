const SIX_BITS: u32 = 63;
const EQUALS: u32 = 0x3d;
const WORD: usize = 8;

/** Writes a number of `length` bytes, which stand at `number` from the lowest on, from the highest on, and gives the end. */
export function writeBytes(at: usize, number: usize, length: usize): usize {
  // Apart, because a number that was stored in one piece a moment ago is read fastest in that piece.
  if (length <= WORD) store<u64>(at, bswap<u64>(load<u64>(number)) >> ((<u64>(WORD - length)) << 3));
  else writeWords(at, number, length);
  return at + length;
}

function writeWords(at: usize, number: usize, length: usize): void {
  for (let done: usize = 0; done < length; done += WORD) {
    store<u64>(at + done, bswap<u64>(load<u64>(number + length - WORD - done)));
  }
}

/** The same with bytes of the same sign before it, `size` in all. */
export function writeSized(at: usize, number: usize, length: usize, size: usize): usize {
  const sign = <u8>(<i32>load<i8>(number + length - 1) >> 7);
  memory.fill(at, sign, size - length);
  return writeBytes(at + size - length, number, length);
}

/** The same bytes in base64 (RFC 4648), filled up with equals signs. */
export function writeBase64(to: usize, number: usize, length: usize): usize {
  let at = to;
  for (let left = <i32>length; left > 0; left -= 3, at += 4) {
    const top = number + left;
    const second: u32 = left > 1 ? load<u8>(top - 2) : 0;
    const third: u32 = left > 2 ? load<u8>(top - 3) : 0;
    const bits = ((<u32>load<u8>(top - 1)) << 16) | (second << 8) | third;
    store<u8>(at, letterOf(bits >> 18));
    store<u8>(at, letterOf((bits >> 12) & SIX_BITS), 1);
    store<u8>(at, left > 1 ? letterOf((bits >> 6) & SIX_BITS) : EQUALS, 2);
    store<u8>(at, left > 2 ? letterOf(bits & SIX_BITS) : EQUALS, 3);
  }
  return at;
}

/** Capitals, small letters, digits, plus, slash. */
function letterOf(value: u32): u32 {
  if (value < 26) return value + 0x41;
  if (value < 52) return value + 0x61 - 26;
  if (value < 62) return value + 0x30 - 52;
  return value === 62 ? 0x2b : 0x2f;
}
