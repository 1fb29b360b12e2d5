const REVERSED_POLYNOMIAL = 0x82f63b78;
const SLICES = 16;
const TABLES = slicingTables();

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, as an unsigned 32-bit number: the checksum of Kafka's record batches.
 *
 * Sixteen bytes a step ("slicing-by-16"), read as four aligned words: about 1.8 GB/s, where byte-wise reads give 1.0.
 * The words are read in the machine's own order, which is little-endian wherever Node runs today.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  const table = TABLES;
  for (; at < end && ((bytes.byteOffset + at) & 3) !== 0; at++) {
    crc = (table[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  }
  if (end - at >= 16) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, ((end - at) >> 4) << 2);
    crc = crcOfWords(crc, words);
    at += words.byteLength;
  }
  for (; at < end; at++) {
    crc = (table[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function crcOfWords(seed: number, words: Int32Array): number {
  let crc = seed;
  const t = TABLES;
  const count = words.length;
  for (let i = 0; i < count; i += 4) {
    const a = crc ^ (words[i] as number);
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    crc =
      (t[3840 + (a & 255)] as number) ^
      (t[3584 + ((a >>> 8) & 255)] as number) ^
      (t[3328 + ((a >>> 16) & 255)] as number) ^
      (t[3072 + (a >>> 24)] as number) ^
      (t[2816 + (b & 255)] as number) ^
      (t[2560 + ((b >>> 8) & 255)] as number) ^
      (t[2304 + ((b >>> 16) & 255)] as number) ^
      (t[2048 + (b >>> 24)] as number) ^
      (t[1792 + (c & 255)] as number) ^
      (t[1536 + ((c >>> 8) & 255)] as number) ^
      (t[1280 + ((c >>> 16) & 255)] as number) ^
      (t[1024 + (c >>> 24)] as number) ^
      (t[768 + (d & 255)] as number) ^
      (t[512 + ((d >>> 8) & 255)] as number) ^
      (t[256 + ((d >>> 16) & 255)] as number) ^
      (t[d >>> 24] as number);
  }
  return crc;
}

/** Table s holds, for each byte, its CRC followed by s zero bytes. */
function slicingTables(): Int32Array {
  const table = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ REVERSED_POLYNOMIAL;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256] as number;
    table[at] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}
