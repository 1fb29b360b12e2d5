const LANES: usize = 16;
const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;
const RETURN: u32 = 0x0d;

/** As many ones as there are bytes from `start` to `end`, at most 16: the lanes of a vector that belong to them. */
export function lanesOf(start: usize, end: usize): u32 {
  const length = end - start;
  return length < LANES ? (1 << (<u32>length)) - 1 : 0xffff;
}

export function isAscii(start: usize, end: usize): bool {
  for (let at = start; at < end; at += LANES) {
    if ((i8x16.bitmask(v128.load(at)) & lanesOf(at, end)) !== 0) return false;
  }
  return true;
}

/** Behind the white space at the beginning: what `String.prototype.trim` takes off, in ASCII. */
export function trimmedStart(start: usize, end: usize): usize {
  let at = start;
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

/** Before the white space at the end. */
export function trimmedEnd(start: usize, end: usize): usize {
  let at = end;
  while (at > start && isSpace(load<u8>(at - 1))) at--;
  return at;
}

function isSpace(byte: u32): bool {
  return byte === SPACE || (byte >= TAB && byte <= RETURN);
}
