import { LANES, lanesOf } from './lanes.ts';

const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;
const RETURN: u32 = 0x0d;
/** The first of the letters that `inCase` makes small. */
export const CAPITALS: u32 = 0x41;
/** What letters in small and in capitals differ by. */
const LETTERS_APART: i8 = 0x20;
const LETTERS: i8 = 26;

/** @param letters the first of 26 letters that are put in the other case, or 0 */
export function inCase(bytes: v128, letters: u32): v128 {
  if (letters === 0) return bytes;
  const isLetter = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(<i8>letters)), i8x16.splat(LETTERS));
  return v128.xor(bytes, v128.and(isLetter, i8x16.splat(LETTERS_APART)));
}

/** Copies a cell and gives the end; `letters` as for `inCase`. */
export function writeText(to: usize, start: usize, end: usize, letters: u32): usize {
  const length = end - start;
  for (let at: usize = 0; at < length; at += LANES)
    v128.store(to + at, inCase(v128.load(start + at), letters));
  return to + length;
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
