import { LONG_BYTES, WORD_BYTES } from '../lib/sizes.ts';

/*
 * What is to be encoded: the bytes at which each number stands. The first are of 64 bits with a point, the others words.
 */

/** Bytes of the file before the batch's own. */
export const POSITION = 0;
/** The number of the batch's first row in its file. */
export const FIRST_ROW = POSITION + LONG_BYTES;
/** Milliseconds since 1970, for records without a timestamp of their own. */
export const NOW = FIRST_ROW + LONG_BYTES;
/** A row whose time is before or after these stays behind. */
export const EARLIEST = NOW + LONG_BYTES;
export const LATEST = EARLIEST + LONG_BYTES;
/** Before this a time is expired. */
export const KEPT_FROM = LATEST + LONG_BYTES;
/** The oldest of the expired times, if it is before what stands here. */
export const OLDEST = KEPT_FROM + LONG_BYTES;

/** Addresses of the batch's bytes, and of the bounds of its cells and of its rows. */
export const BYTES = OLDEST + LONG_BYTES;
export const BOUNDS = BYTES + WORD_BYTES;
export const ROW_BOUNDS = BOUNDS + WORD_BYTES;
/** Cells of a row. */
export const WIDTH = ROW_BOUNDS + WORD_BYTES;
/** `NONE` where records have no key; then there is a partition. */
export const KEY_COLUMN = WIDTH + WORD_BYTES;
/** `NONE` where records have the time `NOW`. */
export const TIMESTAMP_COLUMN = KEY_COLUMN + WORD_BYTES;
/** `NONE` lets the key decide. */
export const PARTITION = TIMESTAMP_COLUMN + WORD_BYTES;
export const PARTITIONS = PARTITION + WORD_BYTES;
/** The address of a word for each partition: the address of its record batch's state, 0 where there is none. */
export const BATCHES = PARTITIONS + WORD_BYTES;
/** A record batch with records does not grow beyond this. */
export const BATCH_LIMIT = BATCHES + WORD_BYTES;
/** A record is not longer than this. */
export const RECORD_LIMIT = BATCH_LIMIT + WORD_BYTES;
/** The function that writes values, its program, and how long they may become. */
export const WRITER = RECORD_LIMIT + WORD_BYTES;
export const PROGRAM = WRITER + WORD_BYTES;
export const VALUE_FIXED_BYTES = PROGRAM + WORD_BYTES;
export const VALUE_BYTES_PER_BYTE = VALUE_FIXED_BYTES + WORD_BYTES;
/** The number of headers, and those that the rows of the file share up to the name of the first that they do not. */
export const HEADERS = VALUE_BYTES_PER_BYTE + WORD_BYTES;
export const HEADERS_LENGTH = HEADERS + WORD_BYTES;
/** What stands before the row's number: the name of its header, or the text that its header's value begins with. */
export const ROW_HEADER = HEADERS_LENGTH + WORD_BYTES;
export const ROW_HEADER_LENGTH = ROW_HEADER + WORD_BYTES;
/** What the headers say of the row: `NO_PLACE`, `ROW_ALONE` or `OFFSET_AND_ROW`. */
export const ROW_PLACE = ROW_HEADER_LENGTH + WORD_BYTES;
/** Set where a row needs a record batch: for how many bytes, or else 0, and of which partition. */
export const WANTED_BYTES = ROW_PLACE + WORD_BYTES;
export const WANTED = WANTED_BYTES + WORD_BYTES;
/** Whether records with an expired time get the time `NOW`. */
export const RENEWS = WANTED + WORD_BYTES;
/** Rows encoded whose time is expired; counted on. */
export const EXPIRED = RENEWS + WORD_BYTES;

export const TASK_BYTES = EXPIRED + WORD_BYTES;

/** Nothing. */
export const NO_PLACE = 0;
/** Its number, behind a text in one header. */
export const ROW_ALONE = 1;
/** Its offset and its number, each in a header. */
export const OFFSET_AND_ROW = 2;

/** Stands for a column or partition that there is none of. */
export const NONE = -1;
/** The most that a header takes whose value is a whole number, beside its name: the length and 16 digits. */
export const NUMBER_HEADER_BYTES = 1 + 16;
