/*
 * An LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md) of independent blocks, without checksums but
 * that of its header.
 */

/** Of a block before it is compressed: as far back as a match may be. */
export const BLOCK_BYTES = 65_536;
/** Where the positions of the last fours of bytes are kept, by their hash. */
export const TABLE_BYTES = 16_384;
/** The header, and the mark of the end. */
export const FRAME_BYTES = 7 + 4;
/** The most that a block is longer for being compressed, its length before it included, and what copies write behind its end. */
export const BLOCK_OVERHEAD = 4 + 257 + 16 + 32;
