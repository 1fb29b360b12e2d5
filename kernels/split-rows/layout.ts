import { WORD_BYTES } from '../lib/sizes.ts';

/*
 * What is to be split and where the answer goes: at which byte of it each word stands.
 */

/** The address of the bytes. */
export const DATA = 0;
/** Where the next row starts, counted from the data; moved on. */
export const AT = DATA + WORD_BYTES;
/** Where the data that may be split ends. */
export const LIMIT = AT + WORD_BYTES;
export const COLUMNS = LIMIT + WORD_BYTES;
/** A byte each, `NO_BYTE` where there is none: of a delimiter, its first. */
export const DELIMITER = COLUMNS + WORD_BYTES;
export const QUOTE = DELIMITER + WORD_BYTES;
export const MAX_RECORD_BYTES = QUOTE + WORD_BYTES;
/** Addresses: the bounds of rows, the line that each starts on, the bounds of their cells. */
export const ROW_BOUNDS = MAX_RECORD_BYTES + WORD_BYTES;
export const LINES = ROW_BOUNDS + WORD_BYTES;
export const CELL_BOUNDS = LINES + WORD_BYTES;
/** Rows that there is room for. */
export const CAPACITY = CELL_BOUNDS + WORD_BYTES;
/** Counted on. */
export const ROW_COUNT = CAPACITY + WORD_BYTES;
/** The line of the next row; counted on. */
export const LINE = ROW_COUNT + WORD_BYTES;
/** Whether cells may be in quotes, within which a quote is escaped by another. */
export const IS_QUOTING = LINE + WORD_BYTES;
/** Where the text of cells goes that stand in quotes with escapes: room for as many bytes as there are; moved on. */
export const TEXT_END = IS_QUOTING + WORD_BYTES;

/** How many bytes a delimiter has, and all of them. */
export const DELIMITER_LENGTH = TEXT_END + WORD_BYTES;
export const DELIMITER_BYTES = DELIMITER_LENGTH + WORD_BYTES;
/** Bytes of the longest delimiter. */
export const DELIMITER_MAX_BYTES = 16;

/** Whether rows may begin with what they are none by; then a bit for each byte that this begins with. */
export const IS_STOPPING = DELIMITER_BYTES + DELIMITER_MAX_BYTES;
export const STOPS = IS_STOPPING + WORD_BYTES;
export const STOPS_BYTES = 32;

export const TASK_BYTES = STOPS + STOPS_BYTES;

/** Stands for a byte that there is none of. */
export const NO_BYTE = 256;
