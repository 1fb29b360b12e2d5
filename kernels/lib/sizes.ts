/** Sizes in bytes that all layouts are made of. TypeScript reads layouts as well: they are plain numbers. */

export const WORD_BYTES = 4;
/** Where a cell or a row starts, and then where it ends, each counted from the bytes that it stands in. */
export const BOUNDS_BYTES = 2 * WORD_BYTES;
/** A number of 64 bits, whole or not. */
export const LONG_BYTES = 8;
/** A time in its plain form up to the minute. */
export const MINUTE_BYTES = 16;
