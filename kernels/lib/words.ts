import { LANES, lanesOf } from './lanes.ts';
import { WORD_BYTES } from './sizes.ts';
import { inCase } from './text.ts';

/*
 * Words, as `src/rows/word-list.ts` puts them together: their number, and then each its length in bytes and the bytes.
 */

/** Which of the words a cell is, its 26 letters from `letters` on in the other case; -1 for none of them. */
export function wordIndex(words: usize, start: usize, end: usize, letters: u32): i32 {
  const count = load<i32>(words);
  let word = words + WORD_BYTES;
  for (let index = 0; index < count; index++) {
    const length = <usize>load<u32>(word);
    word += WORD_BYTES;
    if (length === end - start && isWord(word, start, end, letters)) return index;
    word += length;
  }
  return -1;
}

function isWord(word: usize, start: usize, end: usize, letters: u32): bool {
  for (let at = start; at < end; at += LANES, word += LANES) {
    const others = ~i8x16.bitmask(i8x16.eq(inCase(v128.load(at), letters), v128.load(word)));
    if ((others & lanesOf(at, end)) !== 0) return false;
  }
  return true;
}
