/*
 * An LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md) of independent blocks, without checksums but
 * that of its header.
 */

/** Of a block before it is compressed: as far back as a match may be. */
export const BLOCK_BYTES = 65_536;
/** Where the last place of each six bytes is kept, by their hash. */
export const TABLE_BYTES = 16_384;
/** Magic number, descriptor and its checksum. */
export const HEADER_BYTES = 7;
/** The length before a block; one of 0 is the end of the frame. */
export const LENGTH_BYTES = 4;
/** What a frame has beside its blocks. */
export const FRAME_BYTES = HEADER_BYTES + LENGTH_BYTES;
/** The most that a block is longer for being compressed, with its length, and what copies write behind its end. */
export const BLOCK_OVERHEAD = LENGTH_BYTES + 257 + 16 + 32;
