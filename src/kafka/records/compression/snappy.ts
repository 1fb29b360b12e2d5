import type { Codec } from './codec.ts';
import { lazyLibrary } from './library.ts';

const library = lazyLibrary<typeof import('snappy')>('snappy', 'snappy');

const MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1');
/** The magic, then the version and the oldest compatible version, both 1. */
const HEADER = Buffer.concat([MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
const LENGTH_BYTES = 4;
/** Snappy looks no further back than this, so longer blocks gain nothing and cost their readers memory. */
const BLOCK_BYTES = 64 * 1024;
/** Memory of the library's own would be given back in a later turn of the event loop only, and at a higher price. */
const COPIED = { copyOutputData: true };

/**
 * Snappy blocks in the framing of snappy-java's SnappyOutputStream, which Kafka's Java clients write: a header, then
 * blocks, each after its length as a 32-bit integer, big endian.
 * (https://github.com/xerial/snappy-java/blob/master/src/main/java/org/xerial/snappy/SnappyCodec.java)
 *
 * librdkafka and others write one block without framing. The two cannot be mistaken: as a block, the magic would say
 * that it starts with a copy of bytes before it.
 */
export const SNAPPY: Codec = {
  attribute: 2,
  prepare: () => {
    library();
  },
  compress(records) {
    const parts: Buffer[] = [HEADER];
    for (let at = 0; at < records.length; at += BLOCK_BYTES) {
      const block = library().compressSync(records.subarray(at, at + BLOCK_BYTES), COPIED);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeInt32BE(block.length);
      parts.push(length, block);
    }
    return Buffer.concat(parts);
  },
  decompress(packed) {
    if (!packed.subarray(0, MAGIC.length).equals(MAGIC)) return unpack(packed);
    return Buffer.concat([...blocks(packed)].map(unpack));
  },
};

function* blocks(packed: Buffer): Generator<Buffer> {
  for (let at = HEADER.length; at < packed.length; ) {
    const start = at + LENGTH_BYTES;
    at = start + packed.readUInt32BE(at);
    if (at > packed.length) throw new RangeError('a snappy block is cut off');
    yield packed.subarray(start, at);
  }
}

function unpack(block: Buffer): Buffer {
  return library().uncompressSync(block) as Buffer;
}
