const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * Murmur2 of `bytes[start, end)` as a signed 32-bit number, equal to that of Kafka's Java client
 * (`org.apache.kafka.common.utils.Utils.murmur2`).
 */
export function murmur2(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = SEED ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    const product = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ Math.imul(product ^ (product >>> 24), M);
  }
  if (at < end) {
    let tail = 0;
    for (let i = end - 1; i >= at; i--) tail = (tail << 8) | (bytes[i] as number);
    hash = Math.imul(hash ^ tail, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/**
 * The partition of a key among `count`, as the Java client's default partitioner and Kafka Connect choose it
 * (`BuiltInPartitioner.partitionForKey`), so that rows of one key stay with those that others have written.
 */
export function partitionForKey(key: Uint8Array, count: number, start = 0, end = key.length): number {
  return (murmur2(key, start, end) & 0x7fffffff) % count;
}
