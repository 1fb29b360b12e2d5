import { WORD_BYTES } from '../lib/sizes.ts';

/*
 * How rows are checked: a program, and behind it a field for each of the schema's, in order. What words name in the program
 * stands behind the last field, counted from the program. These are the bytes at which each word stands.
 */

/** The bytes of a row's bounds. */
export const ROW_BYTES = 0;
/** Where the last field ends. */
export const FIELDS_END = ROW_BYTES + WORD_BYTES;

/**
 * The kernel's own: the bounds of a row as it was read, with room for what copies write behind them. 0 where no cell's bounds
 * become others.
 */
export const AS_READ = FIELDS_END + WORD_BYTES;

export const PROGRAM_BYTES = AS_READ + WORD_BYTES;

/** Of a field: where its bounds are in those of a row. */
export const COLUMN = 0;
/** Which of the checks below. */
export const KIND = COLUMN + WORD_BYTES;
/** Of a whole number, the most digits it may have; of a decimal, the most before the point. */
export const DIGITS = KIND + WORD_BYTES;
/** Of a decimal, the most digits after the point. */
export const SCALE = DIGITS + WORD_BYTES;
/** Of what must be one of some words, the words; of a timestamp, room for the minute of the one before. */
export const WORDS = SCALE + WORD_BYTES;
/** An empty cell is taken. */
export const OPTIONAL = WORDS + WORD_BYTES;
/** It is looked at before its own check: 0 spares most fields that. */
export const LOOKS = OPTIONAL + WORD_BYTES;
/** Only ASCII is taken. */
export const ASCII = LOOKS + WORD_BYTES;
/** White space around the value is left out. */
export const TRIM = ASCII + WORD_BYTES;
/** Words that mean nothing, as an empty cell does. */
export const NULL_WORDS = TRIM + WORD_BYTES;

export const FIELD_BYTES = NULL_WORDS + WORD_BYTES;

/** Kinds of checks. */
export const ANYTHING = 0;
export const WHOLE_NUMBER = 1;
export const DOUBLE = 2;
export const DECIMAL = 3;
export const TIMESTAMP = 4;
export const DATE = 5;
export const ONE_OF = 6;
export const ONE_OF_IN_ANY_CASE = 7;
