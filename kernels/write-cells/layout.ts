import { LONG_BYTES, MINUTE_BYTES, WORD_BYTES } from '../lib/sizes.ts';

/*
 * How a row's value is written: a program, and behind it each field, in order. What words name in the program stands behind
 * the last field, counted from the program. These are the bytes at which each word stands.
 */

/** Where the last field ends. */
export const FIELDS_END = 0;
/** What stands behind the last value. */
export const END = FIELDS_END + WORD_BYTES;
export const END_LENGTH = END + WORD_BYTES;

export const PROGRAM_BYTES = END_LENGTH + WORD_BYTES;

/** Of a field: where its bounds are in those of a row. */
export const COLUMN = 0;
/** Which of the forms below. */
export const KIND = COLUMN + WORD_BYTES;
/** What stands before the value. */
export const BEFORE = KIND + WORD_BYTES;
export const BEFORE_LENGTH = BEFORE + WORD_BYTES;
/** 0: a row with an empty cell is not written. */
export const MAY_BE_EMPTY = BEFORE_LENGTH + WORD_BYTES;
/** All that is written for an empty cell. */
export const EMPTY = MAY_BE_EMPTY + WORD_BYTES;
export const EMPTY_LENGTH = EMPTY + WORD_BYTES;
/** 1 where a quote stands behind the value, or else 0. */
export const QUOTES = EMPTY_LENGTH + WORD_BYTES;
/** Of text, the first of the letters that are changed, or 0; of a timestamp, the digits behind the second. */
export const ARGUMENT = QUOTES + WORD_BYTES;
/**
 * Of an enum, its words; of a decimal, `decimals-layout.ts`; of a float or double, the powers of ten; of a timestamp that
 * becomes a number, room for the one before (`LAST_MINUTE_BYTES`).
 */
export const DETAIL = ARGUMENT + WORD_BYTES;

export const FIELD_BYTES = DETAIL + WORD_BYTES;

/** The kernel's own: the minute of a timestamp, and its seconds since 1970. */
export const LAST_MINUTE_BYTES = MINUTE_BYTES + LONG_BYTES;

/** Forms that cells are written in: the text of JSON, and Avro's binary form. */
export const COPY = 0;
export const JSON_TEXT = 1;
export const BARE_DECIMAL = 2;
export const INSTANT = 3;
export const DAYS = 4;
export const COUNT = 5;
export const BASE64 = 6;
export const AVRO_STRING = 7;
export const AVRO_WHOLE = 8;
export const AVRO_FLOAT = 9;
export const AVRO_DOUBLE = 10;
export const AVRO_BOOLEAN = 11;
export const AVRO_DATE = 12;
export const AVRO_TIMESTAMP = 13;
export const AVRO_DECIMAL = 14;
export const AVRO_ENUM = 15;

/** A double has every power of ten up to this: so many, and 1, are a float's or double's detail. */
export const EXACT_POWERS = 22;
