import { type Dialect, hasPlainLines } from './dialect.ts';
import { CR, completeLines, countLineEnds, LF, lineEndFrom, nextLine } from './lines.ts';
import { QuotedRecordReader, type QuoteProblem } from './quoted-record.ts';
import { RowKernel } from './row-kernel.ts';
import { type Fault, type Rows, RowTable } from './row-table.ts';
import type { Text } from './text.ts';

/** The rows of a run of bytes. */
export interface Split extends Rows {
  /** How far the bytes are used up: the beginning of a row that is not complete, or the end. */
  readonly consumed: number;
  /** Line ends in what was used up. */
  readonly linesConsumed: number;
  /** The row that is not complete has a quote open, and no quote after what was read. */
  readonly quoteOpen: boolean;
  /** Gives their memory back. */
  release(): void;
}

/** A rejected row that is too long is kept this far. */
const TOO_LONG_KEPT_BYTES = 65_536;

const DELIMITER = 1;
const LINE_END = 2;
const QUOTE = 3;

/**
 * Splits UTF-8 into rows and cells. The rows of the same bytes are the same however they are cut into runs.
 *
 * Rows in order are split by a kernel, other lines without a quote here, and all others by csv-parse, whose results for
 * the first two are the same. When quoting is broken, the line the row began on is rejected and reading goes on at the next line.
 */
export class RowSplitter {
  readonly #dialect: Dialect;
  readonly #columns: readonly string[];
  readonly #quoted: QuotedRecordReader;
  /** What each byte means in a plain line; null where every line is csv-parse's. */
  readonly #meanings: Uint8Array | null;
  readonly #kernel: RowKernel | null;

  constructor(dialect: Dialect, columns: readonly string[]) {
    this.#dialect = dialect;
    this.#columns = columns;
    this.#quoted = new QuotedRecordReader(dialect);
    this.#meanings = meaningsOf(dialect);
    this.#kernel = RowKernel.create(dialect, columns.length);
  }

  /** Splits a text from `from` on, which is on `firstLine` of the file; `eof` when no bytes follow. */
  split({ bytes: data, room }: Text, from: number, firstLine: number, eof: boolean): Split {
    const limit = eof ? data.length : completeLines(data, from);
    const table = new RowTable(room, data.length, this.#columns);
    let at = from;
    let line = firstLine;
    let unclosed = false;
    while (at < limit) {
      if (this.#kernel !== null) {
        table.addRows(this.#kernel, at, limit, line);
        ({ at, line } = this.#kernel);
        if (at === limit) break;
      }
      let next = passedOver(data, at, limit, this.#dialect);
      if (next > at) {
        line++;
      } else {
        next = this.#plainRow(table, data, at, limit, line);
        if (next > at) line++;
        else {
          next = this.#quotedRow(table, data, at, limit, line, eof);
          unclosed = next === at;
          if (unclosed) break;
          line += countLineEnds(data, at, next);
        }
      }
      at = next;
    }
    const quoteOpen = unclosed && !this.#hasQuote(data.subarray(limit));
    return {
      ...table.finish(),
      consumed: at,
      // A kernel counts in 32 bits.
      linesConsumed: (line - firstLine) >>> 0,
      quoteOpen,
      release: () => table.release(),
    };
  }

  #hasQuote(data: Buffer): boolean {
    return this.#dialect.quote !== null && data.includes(this.#dialect.quote);
  }

  /** Splits the line at `at` and gives the start of the next; `at` when the line is not a plain one. */
  #plainRow(table: RowTable, data: Buffer, at: number, limit: number, line: number): number {
    const meanings = this.#meanings;
    if (meanings === null) return at;
    table.beginRow();
    let cell = at;
    let i = at;
    for (; i < limit; i++) {
      const meaning = meanings[data[i] as number] as number;
      if (meaning === 0) continue;
      if (meaning === QUOTE) return at;
      if (meaning === LINE_END) break;
      table.addCell(cell, i);
      cell = i + 1;
    }
    table.addCell(cell, i);
    if (i - at > this.#dialect.maxRecordBytes) this.#rejectTooLong(table, at, i, line);
    else table.endRow(at, i, line);
    return nextLine(data, i, limit);
  }

  /** Reads one record with csv-parse and gives the start of the next; `at` when its end has not come yet. */
  #quotedRow(table: RowTable, data: Buffer, at: number, limit: number, line: number, eof: boolean): number {
    const { maxRecordBytes } = this.#dialect;
    // One byte more than a row may have, so that the answer is the same however much more is there.
    const reach = Math.min(limit, at + maxRecordBytes + 1);
    const record = this.#quoted.read(data.subarray(at, reach));
    table.beginRow();
    if ('problem' in record) {
      const { problem } = record;
      if (problem !== 'unclosed') return rejectLine(table, data, at, limit, line, faultOf(problem));
      const tooLong = reach - at > maxRecordBytes;
      if (!tooLong && !eof) return at;
      if (!tooLong) return rejectLine(table, data, at, limit, line, UNCLOSED);
    } else {
      const { start, next } = recordEnd(data, at, at + record.next, limit);
      if (start - at <= maxRecordBytes) {
        for (const cell of record.cells) table.addUnquoted(cell);
        table.endRow(at, start, line);
        return next;
      }
    }
    const end = lineEndFrom(data, at, limit);
    this.#rejectTooLong(table, at, end, line);
    return nextLine(data, end, limit);
  }

  #rejectTooLong(table: RowTable, start: number, end: number, line: number): void {
    const message =
      `expected at most ${this.#dialect.maxRecordBytes} bytes (max.record.bytes), got more: ` +
      'a quote on this line may lack its other end';
    table.rejectRow(start, Math.min(end, start + TOO_LONG_KEPT_BYTES), line, {
      errorName: 'RecordTooLong',
      message,
    });
  }
}

/** The start of the line after `at`, where that is empty or a comment; otherwise `at`. */
export function passedOver(data: Buffer, at: number, limit: number, dialect: Dialect): number {
  let start = at;
  if (dialect.trim) start = at + leadingWhiteSpace(data, at, limit);
  const byte = data[start];
  const empty = start >= limit || byte === LF || byte === CR;
  if (empty) return dialect.skipEmptyLines ? nextLine(data, start, limit) : at;
  const { comment } = dialect;
  if (comment === null || comment[0] !== byte) return at;
  if (!data.subarray(start, start + comment.length).equals(comment)) return at;
  return nextLine(data, lineEndFrom(data, start, limit), limit);
}

function leadingWhiteSpace(data: Buffer, at: number, limit: number): number {
  const line = data.toString('utf8', at, lineEndFrom(data, at, limit));
  return Buffer.byteLength(line) - Buffer.byteLength(line.trimStart());
}

/** Where a record that ends before `end` has its text's end, and where the next one starts. */
function recordEnd(data: Buffer, at: number, end: number, limit: number): { start: number; next: number } {
  let start = end;
  if (start > at && data[start - 1] === LF) start--;
  if (start > at && data[start - 1] === CR) start--;
  return { start, next: start === end ? end : nextLine(data, start, limit) };
}

function rejectLine(
  table: RowTable,
  data: Buffer,
  at: number,
  limit: number,
  line: number,
  fault: Fault,
): number {
  const end = lineEndFrom(data, at, limit);
  table.rejectRow(at, end, line, fault);
  return nextLine(data, end, limit);
}

const UNCLOSED: Fault = {
  errorName: 'UnclosedQuote',
  message: 'a quoted cell begins on this line and is not closed before the end of the file',
};

function faultOf(problem: Exclude<QuoteProblem['problem'], 'unclosed'>): Fault {
  const message =
    problem === 'opening'
      ? 'a quote stands within a cell that does not begin with one; quote the whole cell'
      : 'a quoted cell goes on after its closing quote; a quote within a quoted cell must be escaped';
  return { errorName: 'InvalidQuote', message };
}

function meaningsOf(dialect: Dialect): Uint8Array | null {
  if (!hasPlainLines(dialect)) return null;
  const { delimiter, quote } = dialect;
  const meanings = new Uint8Array(256);
  meanings[delimiter.charCodeAt(0)] = DELIMITER;
  meanings[LF] = LINE_END;
  meanings[CR] = LINE_END;
  if (quote !== null) meanings[quote.charCodeAt(0)] = QUOTE;
  return meanings;
}
