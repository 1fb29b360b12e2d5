import { LANES, lanesOf } from '../lib/lanes.ts';
import { inCase } from '../lib/text.ts';

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const FIRST_PRINTABLE: u32 = 0x20;
const HEX_LETTERS_AT: u32 = 0x27;
/** `\u00`, the first in the lowest byte. */
const UNICODE_ESCAPE: u32 = 0x3030755c;

/** Copies a cell as the inside of a JSON string, escaped as JSON.stringify does, and gives the end. */
export function writeJsonText(to: usize, start: usize, end: usize, letters: u32): usize {
  let at = to;
  for (let from = start; from < end; ) {
    const bytes = inCase(v128.load(from), letters);
    v128.store(at, bytes);
    const length = min(end - from, LANES);
    const escapes = escapesIn(bytes) & lanesOf(from, end);
    if (escapes === 0) {
      at += length;
      from += length;
      continue;
    }
    at += ctz(escapes);
    from += ctz(escapes);
    at = writeEscape(at, load<u8>(from++));
  }
  return at;
}

/** Which of the bytes must be escaped. */
function escapesIn(bytes: v128): u32 {
  return i8x16.bitmask(
    v128.or(
      i8x16.lt_u(bytes, i8x16.splat(<i8>FIRST_PRINTABLE)),
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))),
    ),
  );
}

function writeEscape(at: usize, byte: u32): usize {
  const letter = escapeLetter(byte);
  if (letter !== 0) {
    store<u16>(at, <u16>(BACKSLASH | (letter << 8)));
    return at + 2;
  }
  store<u32>(at, UNICODE_ESCAPE);
  store<u8>(at, 0x30 + (byte >> 4), 4);
  store<u8>(at, hexDigit(byte & 15), 5);
  return at + 6;
}

/** 0 where there is none. */
function escapeLetter(byte: u32): u32 {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
      return byte;
    case 0x08:
      return 0x62;
    case 0x09:
      return 0x74;
    case 0x0a:
      return 0x6e;
    case 0x0c:
      return 0x66;
    case 0x0d:
      return 0x72;
    default:
      return 0;
  }
}

function hexDigit(value: u32): u32 {
  return 0x30 + value + (value > 9 ? HEX_LETTERS_AT : 0);
}
