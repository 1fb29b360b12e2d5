import { copy } from '../lib/lanes.ts';
import { TABLE_BYTES } from './layout.ts';

/*
 * An LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md): sequences of literals and a match behind them,
 * each begun by a token of their two lengths. A match is looked for where six bytes with the same hash stood last: texts that
 * rows repeat are longer, and fewer places are looked at in vain than with four.
 */

const LEAST_MATCH: usize = 4;
/** The block ends with so many literals at least, and its last match begins so far before its end. */
const LAST_LITERALS: usize = 5;
const LAST_MATCH: usize = 12;
/** Lengths from this on go on in bytes of their own. */
const LONG: usize = 15;
/** Leaves six bytes of eight. */
const HASHED: u64 = 16;
const HASH_MULTIPLIER: u64 = 227718039650203;
const HASH_SHIFT: u64 = 51;
/** After so many places without a match every second is looked at, and so on: what cannot be compressed is passed soon. */
const PATIENCE: u32 = 6;

/** Compresses `length` bytes at `from`, 64 KiB at most, to `to`, and gives the end. `table` may have anything in it. */
export function compressBlock(from: usize, length: usize, to: usize, table: usize): usize {
  const end = from + length;
  if (length <= LAST_MATCH) return writeLiterals(to, from, length, 0);
  memory.fill(table, 0, TABLE_BYTES);
  const limit = end - LAST_MATCH;
  let literals = from;
  let out = to;
  let at = from + 1;
  for (;;) {
    let match: usize = from;
    let tries: u32 = 1 << PATIENCE;
    while (at <= limit) {
      const entry: usize = table + slotOf(at);
      match = from + load<u16>(entry);
      store<u16>(entry, <u16>(at - from));
      if (load<u32>(match) === load<u32>(at)) break;
      at += tries++ >> PATIENCE;
    }
    if (at > limit) break;
    while (at > literals && match > from && load<u8>(at - 1) === load<u8>(match - 1)) {
      at--;
      match--;
    }
    const more = common(at + LEAST_MATCH, match + LEAST_MATCH, end - LAST_LITERALS);
    out = writeSequence(out, literals, at - literals, at - match, more);
    at += LEAST_MATCH + more;
    literals = at;
    if (at <= limit) store<u16>(table + slotOf(at - 2), <u16>(at - 2 - from));
  }
  return writeLiterals(out, literals, end - literals, 0);
}

/** Where the table keeps the last place of what is at `at`; a place takes two bytes. */
function slotOf(at: usize): usize {
  return (<usize>(((load<u64>(at) << HASHED) * HASH_MULTIPLIER) >> HASH_SHIFT)) << 1;
}

/** How many bytes from two places on are the same, up to where the first is at `end`. */
function common(first: usize, second: usize, end: usize): usize {
  let at = first;
  let other = second;
  while (at + 8 <= end) {
    const difference = load<u64>(at) ^ load<u64>(other);
    if (difference !== 0) return at - first + (<usize>ctz(difference) >> 3);
    at += 8;
    other += 8;
  }
  while (at < end && load<u8>(at) === load<u8>(other)) {
    at++;
    other++;
  }
  return at - first;
}

function writeSequence(to: usize, literals: usize, count: usize, offset: usize, matchLength: usize): usize {
  const at = writeLiterals(to, literals, count, min(matchLength, LONG));
  store<u16>(at, <u16>offset);
  return matchLength < LONG ? at + 2 : writeLength(at + 2, matchLength - LONG);
}

/** A token, and its literals. */
function writeLiterals(to: usize, literals: usize, count: usize, matchLength: usize): usize {
  store<u8>(to, <u8>((min(count, LONG) << 4) | matchLength));
  const at = count < LONG ? to + 1 : writeLength(to + 1, count - LONG);
  return copy(at, literals, count);
}

function writeLength(to: usize, length: usize): usize {
  let at = to;
  let rest = length;
  for (; rest >= 255; rest -= 255) store<u8>(at++, 255);
  store<u8>(at, <u8>rest);
  return at + 1;
}
