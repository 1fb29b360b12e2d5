import { IN_BOTH_HALVES } from './lanes.ts';

/** Bytes that the zigzag varint of a length takes. */
export function widthOf(length: u32): u32 {
  if (length < 64) return 1;
  if (length < 8192) return 2;
  if (length < 1048576) return 3;
  return length < 134217728 ? 4 : 5;
}

/** Writes a whole number as a zigzag varint, as Kafka's records and Avro have it, and gives the end. */
export function writeVarlong(at: usize, value: i64): usize {
  return writeGroups(at, zigzag(value));
}

/** The same with a single store for what has five bytes or more. May write up to 8 bytes behind the end. */
export function writeLongVarlong(at: usize, value: i64): usize {
  const bits = zigzag(value);
  if (bits < FIVE_GROUPS || bits >= NINE_GROUPS) return writeGroups(at, bits);
  // Seven bits are moved to each byte: first half of them, then half of those, then each.
  let groups = (bits & 0xfffffff) | ((bits << 4) & 0x0fffffff00000000);
  groups = (groups & (0x3fff * IN_BOTH_HALVES)) | ((groups << 2) & (0x3fff0000 * IN_BOTH_HALVES));
  groups = (groups & (0x007f007f * IN_BOTH_HALVES)) | ((groups << 1) & (0x7f007f00 * IN_BOTH_HALVES));
  // Jumps are foreseen, so that what comes behind does not wait for the number, as it would for a length worked out.
  let others: usize = 4;
  for (let rest = bits >> 35; rest !== 0; rest >>= 7) others++;
  store<u64>(at, groups | (GOES_ON & (((<u64>1) << ((<u64>others) << 3)) - 1)));
  return at + others + 1;
}

/** The smallest numbers with so many groups of seven bits. */
const FIVE_GROUPS: u64 = 1 << 28;
const NINE_GROUPS: u64 = 1 << 56;
/** In each byte, that another follows. */
const GOES_ON: u64 = 0x80808080 * IN_BOTH_HALVES;

function zigzag(value: i64): u64 {
  return (value << 1) ^ (value >> 63);
}

function writeGroups(at: usize, bits: u64): usize {
  let next = at;
  let rest = bits;
  while (rest > 127) {
    store<u8>(next++, <u8>(rest | 128));
    rest >>= 7;
  }
  store<u8>(next, <u8>rest);
  return next + 1;
}
