/** Bytes that are read or written at once. Memory ends as far behind the last block, so reading there is no fault. */
export const LANES: usize = 16;

/** Times 32 bits: the same in both halves of a long. */
export const IN_BOTH_HALVES: u64 = 0x100000001;

/** As many ones as there are bytes from `start` to `end`, at most 16: the lanes of a vector that belong to them. */
export function lanesOf(start: usize, end: usize): u32 {
  const length = end - start;
  return length < LANES ? (1 << (<u32>length)) - 1 : 0xffff;
}

/** Copies to `to` and gives the end. May write up to 16 bytes behind it, which whatever comes next covers. */
export function copy(to: usize, from: usize, length: usize): usize {
  // The first without asking: most are no longer.
  v128.store(to, v128.load(from));
  for (let at = LANES; at < length; at += LANES) v128.store(to + at, v128.load(from + at));
  return to + length;
}
