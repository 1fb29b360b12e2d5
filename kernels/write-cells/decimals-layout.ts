import { LONG_BYTES, WORD_BYTES } from '../lib/sizes.ts';

/*
 * How decimals of a field become whole numbers: the bytes at which each number stands.
 */

/** Digits behind the point, and the most before it. */
export const SCALE = 0;
export const WHOLE_DIGITS = SCALE + WORD_BYTES;
/** Bytes that every number is given; 0 gives each as few as it takes. */
export const SIZE = WHOLE_DIGITS + WORD_BYTES;
/** The words of the largest number. */
export const WORDS = SIZE + WORD_BYTES;
/** A whole number of 64 bits: 10^scale, for scales of a long. */
export const UNIT = WORDS + WORD_BYTES;
/** Room for a number of so many words, lowest byte first. */
export const NUMBER = UNIT + LONG_BYTES;

/** A long has every number of so many digits. */
export const LONG_DIGITS = 18;
