import { lanesOf } from './text.ts';

const LANES: usize = 16;
/** Each word is its length in bytes, and the bytes. */
const LENGTH_BYTES: usize = 4;

/** Whether the bytes from `start` to `end` are one of the words. */
export function isOneOf(start: usize, end: usize, words: usize, wordsEnd: usize): bool {
  const length = <u32>(end - start);
  for (let word = words; word < wordsEnd; word += LENGTH_BYTES + load<u32>(word)) {
    if (load<u32>(word) === length && equals(start, end, word + LENGTH_BYTES)) return true;
  }
  return false;
}

/** The same for words in small letters, where letters of ASCII may be in either case. */
export function isOneOfInAnyCase(start: usize, end: usize, words: usize, wordsEnd: usize): bool {
  const length = <u32>(end - start);
  for (let word = words; word < wordsEnd; word += LENGTH_BYTES + load<u32>(word)) {
    if (load<u32>(word) === length && equalsInAnyCase(start, end, word + LENGTH_BYTES)) return true;
  }
  return false;
}

function equals(start: usize, end: usize, word: usize): bool {
  for (let at = start; at < end; at += LANES, word += LANES) {
    const others = ~i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(word)));
    if ((others & lanesOf(at, end)) !== 0) return false;
  }
  return true;
}

function equalsInAnyCase(start: usize, end: usize, word: usize): bool {
  for (let at = start; at < end; at += LANES, word += LANES) {
    const others = ~i8x16.bitmask(i8x16.eq(inSmallLetters(v128.load(at)), v128.load(word)));
    if ((others & lanesOf(at, end)) !== 0) return false;
  }
  return true;
}

/** Letters of ASCII only. */
function inSmallLetters(bytes: v128): v128 {
  const isCapital = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(bytes, v128.and(isCapital, i8x16.splat(0x20)));
}
