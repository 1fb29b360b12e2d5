import { LANES } from '../lib/lanes.ts';
import { BOUNDS_BYTES, WORD_BYTES } from '../lib/sizes.ts';
import {
  AT,
  CAPACITY,
  CELL_BOUNDS,
  COLUMNS,
  DATA,
  DELIMITER,
  DELIMITER_BYTES,
  DELIMITER_LENGTH,
  IS_QUOTING,
  IS_STOPPING,
  LIMIT,
  LINE,
  LINES,
  MAX_RECORD_BYTES,
  NO_BYTE,
  QUOTE,
  ROW_BOUNDS,
  ROW_COUNT,
  STOPS,
  TEXT_END,
} from './layout.ts';

/** Looked at together: one jump that cannot be foreseen, to the next block, for several cells. */
const BLOCK_BYTES: usize = 4 * LANES;
const LF: u32 = 10;
const CR: u32 = 13;

/** What is known of the quotes of a cell: nothing while it has none. */
const PLAIN: u32 = 0;
const OPEN: u32 = 1;
/** The byte behind it ends the cell. */
const CLOSED: u32 = 2;
/** The last quote is the first half of an escaped one. */
const HALF: u32 = 4;
const ESCAPES: u32 = 8;
/** They are in no order. */
const BROKEN: u32 = 16;

/**
 * Splits rows as long as each is in order: none that may be passed over, a quote only around whole cells, as many cells
 * as columns, not too long. Stops at the first that is not, or when there is no more room.
 */
export function splitRows(task: usize): void {
  if (load<u32>(task, DELIMITER_LENGTH) > 1) split<v128>(task);
  else split<u8>(task);
}

/** Compiled twice, so that delimiters of one byte cost nothing more: for these `Delimiter` is u8. */
function split<Delimiter>(task: usize): void {
  const data: usize = load<u32>(task, DATA);
  const limit: usize = data + load<u32>(task, LIMIT);
  const width = load<u32>(task, COLUMNS);
  const delimiter = load<u32>(task, DELIMITER);
  const quote = load<u32>(task, QUOTE);
  const delimiters = i8x16.splat(firstOf(delimiter));
  const quotes = i8x16.splat(firstOf(quote));
  let rowStart: usize = data + load<u32>(task, AT);
  let cellStart = rowStart;
  let bounds: usize = load<u32>(task, CELL_BOUNDS) + load<u32>(task, ROW_COUNT) * width * BOUNDS_BYTES;
  let lastBounds: usize = bounds + (width - 1) * BOUNDS_BYTES;
  let text: usize = data + load<u32>(task, TEXT_END);
  let linesWithin: u32 = 0;
  let quoting = PLAIN;
  let isDone = !mayBegin(task, rowStart, limit);
  for (let block = rowStart; !isDone && block < limit; block += BLOCK_BYTES) {
    for (let marks = marksAt(block, limit, delimiters, quotes); marks !== 0; marks &= marks - 1) {
      const at = block + <usize>ctz(marks);
      // The second half of CRLF, or of a delimiter.
      if (at < cellStart) continue;
      const byte: u32 = load<u8>(at);
      if (byte === quote) {
        quoting = afterQuote<Delimiter>(task, quoting, cellStart, at, limit);
        isDone = quoting === BROKEN;
        if (isDone) break;
        continue;
      }
      if ((quoting & OPEN) !== 0) {
        if (isLineEnd(at, byte)) linesWithin++;
        continue;
      }
      const isLast = byte !== delimiter;
      if (!isLast && !isDelimiter<Delimiter>(task, at, limit)) continue;
      isDone = isLast
        ? bounds !== lastBounds || at - rowStart > load<u32>(task, MAX_RECORD_BYTES)
        : bounds >= lastBounds;
      if (isDone) break;
      if (quoting === PLAIN) setBounds(bounds, cellStart - data, at - data);
      else text = setQuoted(bounds, data, cellStart + 1, at - 1, quoting, text, quote);
      quoting = PLAIN;
      bounds += BOUNDS_BYTES;
      cellStart = at + (isLast ? 1 : lengthOf<Delimiter>(task));
      if (!isLast) continue;
      endRow(task, rowStart - data, at - data, linesWithin, text - data);
      lastBounds = bounds + (width - 1) * BOUNDS_BYTES;
      linesWithin = 0;
      if (byte === CR && cellStart < limit && load<u8>(cellStart) === LF) cellStart++;
      rowStart = cellStart;
      isDone = !mayBegin(task, rowStart, limit);
      if (isDone) break;
    }
  }
  if (!isDone && quoting === PLAIN && bounds === lastBounds) {
    rowStart = lastRow(task, bounds, rowStart, cellStart, limit, linesWithin, text);
  }
  store<u32>(task, <u32>(rowStart - data), AT);
}

/** Adds the last row of a file, which may have no line end, if there is one and it is not too long; gives its end. */
function lastRow(
  task: usize,
  bounds: usize,
  rowStart: usize,
  cellStart: usize,
  limit: usize,
  linesWithin: u32,
  text: usize,
): usize {
  if (rowStart >= limit || limit - rowStart > load<u32>(task, MAX_RECORD_BYTES)) return rowStart;
  const data: usize = load<u32>(task, DATA);
  setBounds(bounds, cellStart - data, limit - data);
  endRow(task, rowStart - data, limit - data, linesWithin, text - data);
  return limit;
}

function mayBegin(task: usize, at: usize, limit: usize): bool {
  if (at >= limit || load<u32>(task, ROW_COUNT) === load<u32>(task, CAPACITY)) return false;
  const byte: u32 = load<u8>(at);
  return byte !== LF && byte !== CR && (load<u32>(task, IS_STOPPING) === 0 || !isStop(task, byte));
}

function isStop(task: usize, byte: u32): bool {
  return ((<u32>load<u8>(task + (byte >> 3), STOPS) >> (byte & 7)) & 1) !== 0;
}

/** Which of the 64 bytes at `block`, as far as they are before `limit`, end a cell or are quotes. */
function marksAt(block: usize, limit: usize, delimiters: v128, quotes: v128): u64 {
  let marks: u64 = 0;
  for (let at: usize = 0; at < BLOCK_BYTES; at += LANES)
    marks |= (<u64>lanesMarked(v128.load(block + at), delimiters, quotes)) << at;
  const length = limit - block;
  return length < BLOCK_BYTES ? marks & (((<u64>1) << length) - 1) : marks;
}

function lanesMarked(bytes: v128, delimiters: v128, quotes: v128): u32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>LF)), i8x16.eq(bytes, i8x16.splat(<i8>CR))),
    ),
  );
}

/** What is known of a cell's quotes behind the one at `at`. */
function afterQuote<Delimiter>(task: usize, quoting: u32, cellStart: usize, at: usize, limit: usize): u32 {
  if (quoting === PLAIN) return at === cellStart && load<u32>(task, IS_QUOTING) !== 0 ? OPEN : BROKEN;
  if ((quoting & HALF) !== 0) return OPEN | ESCAPES;
  if (at + 1 >= limit) return BROKEN;
  const next: u32 = load<u8>(at, 1);
  if (next === load<u32>(task, QUOTE)) return quoting | HALF;
  const isDelimited = next === load<u32>(task, DELIMITER) && isDelimiter<Delimiter>(task, at + 1, limit);
  const isEnd = isDelimited || next === LF || next === CR;
  return isEnd ? CLOSED | (quoting & ESCAPES) : BROKEN;
}

/** Whether the rest of a delimiter stands behind the first byte of one. */
function isDelimiter<Delimiter>(task: usize, at: usize, limit: usize): bool {
  if (sizeof<Delimiter>() === 1) return true;
  const length = lengthOf<Delimiter>(task);
  if (at + length > limit) return false;
  for (let i: usize = 1; i < length; i++) {
    if (load<u8>(at + i) !== load<u8>(task + i, DELIMITER_BYTES)) return false;
  }
  return true;
}

function lengthOf<Delimiter>(task: usize): usize {
  return sizeof<Delimiter>() === 1 ? 1 : load<u32>(task, DELIMITER_LENGTH);
}

/** What to look for where there is none: a byte that is looked for anyway. */
function firstOf(byte: u32): i8 {
  return <i8>(byte === NO_BYTE ? LF : byte);
}

/** CRLF is one, at its second half. */
function isLineEnd(at: usize, byte: u32): bool {
  return byte === LF || (byte === CR && load<u8>(at, 1) !== LF);
}

function setBounds(bounds: usize, start: usize, end: usize): void {
  store<u32>(bounds, <u32>start);
  store<u32>(bounds, <u32>end, WORD_BYTES);
}

/** Sets the bounds of a cell whose text stands in quotes from `start` to `end`, and gives the end of the unescaped text. */
function setQuoted(
  bounds: usize,
  data: usize,
  start: usize,
  end: usize,
  quoting: u32,
  text: usize,
  quote: u32,
): usize {
  if ((quoting & ESCAPES) === 0) {
    setBounds(bounds, start - data, end - data);
    return text;
  }
  const textEnd = withoutEscapes(text, start, end, quote);
  setBounds(bounds, text - data, textEnd - data);
  return textEnd;
}

/** Copies a cell's text without its escapes and gives the end of the copy. */
function withoutEscapes(to: usize, from: usize, end: usize, quote: u32): usize {
  let at = from;
  let target = to;
  while (at < end) {
    const byte: u32 = load<u8>(at++);
    store<u8>(target++, <u8>byte);
    if (byte === quote) at++;
  }
  return target;
}

/** Adds a row; all but its lines is counted from the data. */
function endRow(task: usize, start: usize, end: usize, linesWithin: u32, textEnd: usize): void {
  const row = load<u32>(task, ROW_COUNT);
  const line = load<u32>(task, LINE);
  setBounds(load<u32>(task, ROW_BOUNDS) + row * BOUNDS_BYTES, start, end);
  store<u32>(load<u32>(task, LINES) + row * WORD_BYTES, line);
  store<u32>(task, row + 1, ROW_COUNT);
  store<u32>(task, line + 1 + linesWithin, LINE);
  store<u32>(task, <u32>textEnd, TEXT_END);
}
