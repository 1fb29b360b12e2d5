/** Bytes that the zigzag varint of a length takes. */
export function widthOf(length: u32): u32 {
  if (length < 64) return 1;
  if (length < 8192) return 2;
  if (length < 1048576) return 3;
  return length < 134217728 ? 4 : 5;
}

/** Writes a whole number as a zigzag varint, as Kafka's records and Avro have it, and gives the end. */
export function writeVarlong(at: usize, value: i64): usize {
  let next = at;
  let rest: u64 = (value << 1) ^ (value >> 63);
  while (rest > 127) {
    store<u8>(next++, <u8>(rest | 128));
    rest >>= 7;
  }
  store<u8>(next, <u8>rest);
  return next + 1;
}
