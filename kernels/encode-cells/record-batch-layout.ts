import { LONG_BYTES, WORD_BYTES } from '../lib/sizes.ts';

/*
 * How far a record batch is filled, for those who add records in TypeScript and in the kernel: the bytes at which each
 * number stands.
 */

/** Milliseconds since 1970, of 64 bits with a point, as the next. */
export const BASE_TIMESTAMP = 0;
export const MAX_TIMESTAMP = BASE_TIMESTAMP + LONG_BYTES;
/** The address of its bytes; 0 where kernels do not reach them. */
export const BUFFER = MAX_TIMESTAMP + LONG_BYTES;
export const CAPACITY = BUFFER + WORD_BYTES;
/** Where the next byte goes. */
export const POSITION = CAPACITY + WORD_BYTES;
/** Records that have ended. */
export const COUNT = POSITION + WORD_BYTES;
/** Bytes that the length of the last record took, which the next one is given. */
export const RECORD_WIDTH = COUNT + WORD_BYTES;
/** The same for a record's value. */
export const VALUE_WIDTH = RECORD_WIDTH + WORD_BYTES;

export const STATE_BYTES = VALUE_WIDTH + WORD_BYTES;
