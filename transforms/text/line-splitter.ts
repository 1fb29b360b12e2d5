import type { TextDecoding } from './decoding.ts';
import { completeLines, lineEndFrom, nextLine } from './lines.ts';
import { cutFault, tooLong } from './long-rows.ts';
import { type LinesToPass, passedOver } from './passed-over.ts';
import { emptyTexts } from './quoted-empty.ts';
import { RowKernel } from './row-kernel.ts';
import { type CopyUnescaped, RowTable, type TakeLine } from './row-table.ts';
import type { Text } from './text.ts';
import type { Run, Split, Splitter } from './text-format.ts';

/** Makes rows of lines that are not too long, in one run of text: it ends each row that it begins. */
export type LineCutter = (table: RowTable, text: Buffer, from: number, limit: number) => TakeLine;

export interface LineRules extends Omit<LinesToPass, 'trim' | 'headers' | 'emptyRowsOf'> {
  readonly maxRecordBytes: number;
  readonly cutter: LineCutter;
  /** For cells whose text does not stand in the line as it is. */
  readonly copyUnescaped?: CopyUnescaped;
  /** Where what is in empty quotes is text of no characters: the quote. */
  readonly emptyTextsIn?: string | null;
}

/** Splits text of which every line is a row. A kernel finds the lines, as long as they are in order. */
export class LineSplitter implements Splitter {
  readonly #rules: LineRules & LinesToPass;
  readonly #columns: readonly string[];
  readonly #decoding: TextDecoding;
  readonly #kernel: RowKernel | null;

  constructor(rules: LineRules, columns: readonly string[], decoding: TextDecoding) {
    this.#rules = { ...rules, trim: false, headers: [], emptyRowsOf: null };
    this.#columns = columns;
    this.#decoding = decoding;
    const marks = { ...rules, delimiter: null, quote: null, escape: null, stops: rules.comments };
    this.#kernel = rules.section === null ? RowKernel.create(marks, 1) : null;
  }

  split({ bytes, room }: Text, { from, to, firstLine, eof }: Run): Split {
    const data = bytes.subarray(0, to);
    const { cutter, copyUnescaped = asItIs, emptyTextsIn = null } = this.#rules;
    const limit = eof ? data.length : completeLines(data, from);
    const table = new RowTable(room, bytes.length, this.#columns, copyUnescaped);
    const take = cutter(table, data, from, limit);
    let at = from;
    let line = firstLine;
    while (at < limit) {
      if (this.#kernel !== null) {
        table.takeLines(this.#kernel, at, limit, line, take);
        ({ at, line } = this.#kernel);
        if (at === limit) break;
      }
      at = this.#takeLine(table, take, data, at, limit, line);
      line++;
    }
    const rows = table.finish();
    return {
      ...rows,
      emptyTexts:
        emptyTextsIn === null
          ? undefined
          : emptyTexts(rows, this.#columns.length, emptyTextsIn, bytes.length),
      consumed: at,
      // A kernel counts in 32 bits.
      linesConsumed: (line - firstLine) >>> 0,
      quoteOpen: false,
      long: null,
      release: () => table.release(),
    };
  }

  /** Takes a line that may be in no order, and gives the start of the next. */
  #takeLine(table: RowTable, take: TakeLine, data: Buffer, at: number, limit: number, line: number): number {
    const { maxRecordBytes } = this.#rules;
    const next = passedOver(data, at, limit, this.#rules);
    if (next > at) return next;
    const end = lineEndFrom(data, at, limit);
    table.beginRow();
    if (end - at <= maxRecordBytes) take(at, end, line);
    else {
      const length = { text: end - at, file: this.#decoding.fileLength(data, at, end) };
      const fault = cutFault(length, tooLong(maxRecordBytes, length.text), maxRecordBytes);
      table.rejectRow(at, end, line, fault);
    }
    return nextLine(data, end, limit);
  }
}

function asItIs(text: Buffer, start: number, end: number, to: number): number {
  return to + text.copy(text, to, start, end);
}
