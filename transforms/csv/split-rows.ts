import type { TextDecoding } from '../text/decoding.ts';
import { CR, completeLines, countLineEnds, LF, nextLine } from '../text/lines.ts';
import { passedOver } from '../text/passed-over.ts';
import { emptyTexts } from '../text/quoted-empty.ts';
import { RowKernel } from '../text/row-kernel.ts';
import { type CopyUnescaped, type Rows, RowTable } from '../text/row-table.ts';
import type { Text } from '../text/text.ts';
import type { Run, Split, Splitter } from '../text/text-format.ts';
import { type Dialect, hasPlainLines } from './dialect.ts';
import { LongRecord } from './long-record.ts';
import { copyUnescaped, RecordScanner } from './record-scanner.ts';

const DELIMITER = 1;
const LINE_END = 2;
const QUOTE = 3;

const WHITE_SPACE = [Buffer.from(' '), Buffer.from('\t')];

/**
 * Splits UTF-8 into rows and cells.
 *
 * Rows in order are split by a kernel, other lines without a quote here, and all others by the scanner, whose results for
 * the first two are the same. What is too long, or has broken quoting, is rejected: see `LongRecord`.
 */
export class RowSplitter implements Splitter {
  readonly #dialect: Dialect;
  readonly #columns: readonly string[];
  readonly #decoding: TextDecoding;
  readonly #scanner: RecordScanner;
  /** What each byte means in a plain line; null where every line is the scanner's. */
  readonly #meanings: Uint8Array | null;
  /** null where no row is for it. */
  readonly #kernel: RowKernel | null;
  readonly #copyUnescaped: CopyUnescaped;

  #long: Split['long'] = null;

  constructor(dialect: Dialect, columns: readonly string[], decoding: TextDecoding) {
    this.#dialect = dialect;
    this.#columns = columns;
    this.#decoding = decoding;
    this.#scanner = new RecordScanner(dialect);
    this.#meanings = meaningsOf(dialect);
    const { comments, headers, emptyRowsOf } = dialect;
    const empty = emptyRowsOf === null ? [] : [emptyRowsOf, ...WHITE_SPACE];
    const stops = [...comments, ...headers, ...empty];
    const isForKernel = !dialect.trim && !dialect.trimRight && dialect.section === null;
    this.#kernel = isForKernel ? RowKernel.create({ ...dialect, stops }, columns.length) : null;
    this.#copyUnescaped = (text, start, end, to) => copyUnescaped(dialect, text, start, end, to);
  }

  split({ bytes, room }: Text, { from, to, firstLine, eof }: Run): Split {
    const data = bytes.subarray(0, to);
    const limit = eof ? data.length : completeLines(data, from);
    const table = new RowTable(room, bytes.length, this.#columns, this.#copyUnescaped);
    let at = from;
    let line = firstLine;
    this.#long = null;
    while (at < limit) {
      if (this.#kernel !== null) {
        table.addRows(this.#kernel, at, limit, line);
        ({ at, line } = this.#kernel);
        if (at === limit) break;
      }
      let next = passedOver(data, at, limit, this.#dialect);
      if (next > at) {
        line += Math.max(1, countLineEnds(data, at, next));
      } else {
        next = this.#plainRow(table, data, at, limit, line);
        if (next > at) line++;
        else {
          next = this.#record(table, data, at, limit, line, eof);
          if (next === at) break;
          line += countLineEnds(data, at, next);
        }
      }
      at = next;
    }
    if (at === limit && !eof && this.#isLong(data, at)) this.#reject(table, data, at, line, eof);
    const isWaiting = at < limit;
    const rows = table.finish();
    return {
      ...rows,
      emptyTexts: this.#emptyTexts(rows, bytes.length),
      consumed: at,
      // A kernel counts in 32 bits.
      linesConsumed: (line - firstLine) >>> 0,
      quoteOpen: isWaiting && this.#scanner.isQuoteOpen && !this.#hasQuote(bytes.subarray(limit)),
      long: this.#long,
      release: () => table.release(),
    };
  }

  #emptyTexts(rows: Rows, length: number): number[] | undefined {
    const { quotedEmpty, quote } = this.#dialect;
    if (quotedEmpty === 'nothing') return undefined;
    return quote === null ? [] : emptyTexts(rows, this.#columns.length, quote, length);
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
    // The line is there to its end, which is all that is looked for.
    if (i - at > this.#dialect.maxRecordBytes) return this.#reject(table, data, at, line, true);
    this.#endRow(table, at, i, line);
    return nextLine(data, i, limit);
  }

  #endRow(table: RowTable, start: number, end: number, line: number): void {
    if (this.#dialect.shortRows === 'fill') table.fillUp(end);
    table.endRow(start, end, line);
  }

  /** Reads one record and gives the start of the next; `at` when its end has not come yet. */
  #record(table: RowTable, data: Buffer, at: number, limit: number, line: number, eof: boolean): number {
    const { maxRecordBytes } = this.#dialect;
    const scanner = this.#scanner;
    const enough = this.#enough(at);
    const to = Math.min(limit, enough);
    scanner.begin();
    table.beginRow();
    let verdict = scanner.scan(data, at, to, to === limit, table);
    if (verdict === 'open' && eof && to === limit) verdict = scanner.end(data, table);
    if (verdict === 'ended' && scanner.textEnd - at <= maxRecordBytes) {
      this.#endRow(table, at, scanner.textEnd, line);
      return scanner.at;
    }
    if (verdict === 'open' && !eof && data.length < enough) return at;
    return this.#reject(table, data, at, line, eof);
  }

  /** Rejects a record that is no row and gives the start of the next; `at` when its end has not come yet. */
  #reject(table: RowTable, data: Buffer, at: number, line: number, eof: boolean): number {
    const record = new LongRecord(this.#dialect, this.#decoding, this.#columns.length, line);
    const seen = record.feed(data, at, eof);
    const { outcome } = record;
    if (outcome === null) {
      if (data.length >= this.#enough(at)) this.#long = { record, seen };
      return at;
    }
    table.rejectRow(at, at + outcome.textEnd.text, line, outcome.fault);
    return at + outcome.next.text;
  }

  /** Whether the line at `at`, whose end is not there, belongs to a record that is too long because of its quotes. */
  #isLong(data: Buffer, at: number): boolean {
    const enough = this.#enough(at);
    if (data.length < enough) return false;
    this.#scanner.begin();
    return this.#scanner.scan(data, at, enough, false) === 'open' && this.#scanner.hasQuotes;
  }

  /** What is before it tells whether a record that begins at `at` is too long, however much more is there. */
  #enough(at: number): number {
    return at + this.#dialect.maxRecordBytes + 1 + this.#scanner.reach;
  }
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
