/** What is to be split and where the answer goes: words in the order of `SplitWords` in `../row-kernel.ts`. */
@unmanaged
class SplitTask {
  data: usize;
  /** Where the next row starts, counted from `data`; moved on. */
  at: u32;
  limit: u32;
  columns: u32;
  delimiter: u32;
  /** 256 where there is none, and so for the next. */
  quote: u32;
  comment: u32;
  maxRecordBytes: u32;
  rowBounds: usize;
  lines: usize;
  cellBounds: usize;
  /** Rows that there is room for. */
  capacity: u32;
  /** Counted on. */
  rowCount: u32;
  /** The line of the next row; counted on. */
  line: u32;
  /** Whether cells may be in quotes, within which a quote is escaped by another. */
  isQuoting: u32;
  /** Where the text of cells goes that stand in quotes with escapes: room for as many bytes as there are; moved on. */
  textEnd: u32;
}

const LF: u32 = 10;
const CR: u32 = 13;
const LANES: usize = 16;
const NONE: u32 = 256;
const BOUNDS_BYTES: usize = 8;

/**
 * Splits rows as long as each is in order: not empty, no comment, a quote only around whole cells, as many cells as
 * columns, not too long. Stops at the first that is not, or when there is no more room.
 */
export function splitRows(task: SplitTask): void {
  const data = task.data;
  const limit = data + task.limit;
  const width = task.columns;
  const quote = task.quote;
  const delimiters = i8x16.splat(<i8>task.delimiter);
  const quotes = i8x16.splat(<i8>(quote === NONE ? LF : quote));
  const lineFeeds = i8x16.splat(<i8>LF);
  const returns = i8x16.splat(<i8>CR);
  let rowStart = data + task.at;
  let cellStart = rowStart;
  let cells: u32 = 0;
  let bounds = task.cellBounds + task.rowCount * width * BOUNDS_BYTES;
  let unquoted = data + task.textEnd;
  let linesWithin: u32 = 0;
  /** Marks before this are a part of one that was seen: the second half of CRLF, or of an escaped quote. */
  let passed = rowStart;
  let isOpen = false;
  let hasEscapes = false;
  /** Where the cell's closing quote is; 0 for a cell without. */
  let closedAt: usize = 0;
  let isDone = !mayBegin(task, rowStart, limit);

  for (let block = rowStart; !isDone && block < limit; block += LANES) {
    const bytes = v128.load(block);
    let marks: u32 = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
        v128.or(i8x16.eq(bytes, lineFeeds), i8x16.eq(bytes, returns)),
      ),
    );
    const left = limit - block;
    if (left < LANES) marks &= (1 << left) - 1;
    for (; marks !== 0; marks &= marks - 1) {
      const at = block + ctz(marks);
      if (at < passed) continue;
      const byte: u32 = load<u8>(at);
      if (byte === quote) {
        if (!isOpen) {
          isDone = at !== cellStart || task.isQuoting === 0;
          if (isDone) break;
          isOpen = true;
        } else if (at + 1 < limit && load<u8>(at, 1) === quote) {
          hasEscapes = true;
          passed = at + 2;
        } else {
          isDone = !endsCell(task, at + 1, limit);
          if (isDone) break;
          isOpen = false;
          closedAt = at;
        }
        continue;
      }
      if (isOpen) {
        if (isLineEnd(at, byte)) linesWithin++;
        continue;
      }
      const isLast = byte !== task.delimiter;
      if (isLast ? cells + 1 !== width || at - rowStart > task.maxRecordBytes : cells + 1 >= width) {
        isDone = true;
        break;
      }
      if (closedAt === 0) {
        store<u32>(bounds, <u32>(cellStart - data));
        store<u32>(bounds, <u32>(at - data), 4);
      } else if (!hasEscapes) {
        store<u32>(bounds, <u32>(cellStart + 1 - data));
        store<u32>(bounds, <u32>(closedAt - data), 4);
        closedAt = 0;
      } else {
        store<u32>(bounds, <u32>(unquoted - data));
        unquoted = withoutEscapes(unquoted, cellStart + 1, closedAt, quote);
        store<u32>(bounds, <u32>(unquoted - data), 4);
        closedAt = 0;
        hasEscapes = false;
      }
      bounds += BOUNDS_BYTES;
      cellStart = at + 1;
      cells++;
      if (!isLast) continue;
      endRow(task, rowStart, at, linesWithin);
      task.textEnd = <u32>(unquoted - data);
      cells = 0;
      linesWithin = 0;
      if (byte === CR && cellStart < limit && load<u8>(cellStart) === LF) cellStart++;
      rowStart = cellStart;
      passed = rowStart;
      if (!mayBegin(task, rowStart, limit)) {
        isDone = true;
        break;
      }
    }
  }
  const isPlain = !isOpen && closedAt === 0;
  // The last row of a file may have no line end.
  if (
    !isDone &&
    isPlain &&
    rowStart < limit &&
    cells + 1 === width &&
    limit - rowStart <= task.maxRecordBytes
  ) {
    store<u32>(bounds, <u32>(cellStart - data));
    store<u32>(bounds, <u32>(limit - data), 4);
    endRow(task, rowStart, limit, linesWithin);
    task.textEnd = <u32>(unquoted - data);
    rowStart = limit;
  }
  task.at = <u32>(rowStart - data);
}

function endsCell(task: SplitTask, at: usize, limit: usize): bool {
  if (at >= limit) return false;
  const byte: u32 = load<u8>(at);
  return byte === task.delimiter || byte === LF || byte === CR;
}

/** CRLF is one, at its second half. */
function isLineEnd(at: usize, byte: u32): bool {
  return byte === LF || (byte === CR && load<u8>(at, 1) !== LF);
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

function mayBegin(task: SplitTask, at: usize, limit: usize): bool {
  if (at >= limit || task.rowCount === task.capacity) return false;
  const byte: u32 = load<u8>(at);
  return byte !== LF && byte !== CR && byte !== task.comment;
}

function endRow(task: SplitTask, start: usize, end: usize, linesWithin: u32): void {
  const row = task.rowCount;
  const data = task.data;
  store<u32>(task.rowBounds + row * BOUNDS_BYTES, <u32>(start - data));
  store<u32>(task.rowBounds + row * BOUNDS_BYTES, <u32>(end - data), 4);
  store<u32>(task.lines + row * 4, task.line);
  task.rowCount = row + 1;
  task.line += 1 + linesWithin;
}
