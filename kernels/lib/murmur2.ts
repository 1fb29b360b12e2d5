const SEED: u32 = 0x9747b28c;
const M: u32 = 0x5bd1e995;

/** The partition of a key as Kafka's Java client chooses it: murmur2, without its sign. */
export function partitionOf(key: usize, length: u32, partitions: u32): u32 {
  let hash: u32 = SEED ^ length;
  let at = key;
  const end = key + length;
  for (; at + 4 <= end; at += 4) {
    const product = load<u32>(at) * M;
    hash = (hash * M) ^ ((product ^ (product >> 24)) * M);
  }
  if (at < end) {
    let tail: u32 = 0;
    for (let i = end - 1; i >= at; i--) tail = (tail << 8) | load<u8>(i);
    hash = (hash ^ tail) * M;
  }
  hash = (hash ^ (hash >> 13)) * M;
  return ((hash ^ (hash >> 15)) & 0x7fffffff) % partitions;
}
