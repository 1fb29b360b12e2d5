import type { Codec } from './codec.ts';
import { lazyLibrary } from './library.ts';

const library = lazyLibrary<typeof import('lz4-napi')>('lz4-napi', 'lz4');

/**
 * The LZ4 frame format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), of which Kafka's Java code reads
 * a part: blocks must be independent, which is what the library writes. It writes no checksum of the content, and none
 * is asked for: the batch has its own, and Kafka differs from the format in it (KAFKA-20528).
 */
export const LZ4: Codec = {
  attribute: 3,
  prepare: () => {
    library();
  },
  compress: (records) => library().compressFrameSync(records),
  decompress: (packed) => library().decompressFrameSync(packed),
};
