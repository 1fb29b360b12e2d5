import type { TextDecoding } from '../text/decoding.ts';
import { CR, LF, lineEndFrom, nextLine } from '../text/lines.ts';
import { cutFault, type EndlessRecord, type LongOutcome, type Place, tooLong } from '../text/long-rows.ts';
import type { Fault } from '../text/row-table.ts';
import type { Dialect } from './dialect.ts';
import { LineShapes } from './line-shapes.ts';
import { RecordScanner } from './record-scanner.ts';

type Broken = 'opening' | 'closing' | 'unclosed';

/**
 * Finds the end of a record that is too long, or whose quoting is broken, however far that is: nothing of it is held.
 *
 * A record that ends is rejected as a whole. Of one that is broken, the line it begins on is rejected, and what follows
 * is read by line, when its lines look like rows: then a stray quote costs one row. When they do not, all of it to the
 * line of the fault, or to the end of the file, is one rejection: lines of text are not rows, and would be rejected one by
 * one. The same bytes have the same outcome, in whatever runs they come.
 */
export class LongRecord implements EndlessRecord {
  readonly #dialect: Dialect;
  readonly #decoding: TextDecoding;
  readonly #width: number;
  readonly #line: number;
  readonly #scanner: RecordScanner;
  readonly #lines: LineShapes;
  #here: Place = { text: 0, file: 0, lineEnds: 0 };
  /** The end of the record's first line, and the beginning of the second. */
  #firstEnd: Place | null = null;
  #second: Place | null = null;
  #broken: Broken | null = null;
  #outcome: LongOutcome | null = null;

  /** @param line the line of the file that it begins on */
  constructor(dialect: Dialect, decoding: TextDecoding, width: number, line: number) {
    this.#dialect = dialect;
    this.#decoding = decoding;
    this.#width = width;
    this.#line = line;
    this.#scanner = new RecordScanner(dialect);
    this.#lines = new LineShapes(dialect, width);
    this.#scanner.begin();
  }

  get outcome(): LongOutcome | null {
    return this.#outcome;
  }

  feed(text: Buffer, from: number, eof: boolean): number {
    let at = from;
    if (this.#broken === null) at = this.#scan(text, at, eof);
    if (this.#broken !== null && this.#outcome === null) at = this.#toLineEnd(text, at, eof);
    return at;
  }

  #scan(text: Buffer, from: number, eof: boolean): number {
    const scanner = this.#scanner;
    let verdict = scanner.scan(text, from, text.length, eof);
    if (verdict === 'open' && eof) verdict = scanner.end(text);
    let { at } = scanner;
    if (verdict === 'ended') {
      this.#advance(text, from, scanner.textEnd);
      const textEnd = this.#here;
      this.#advance(text, scanner.textEnd, at);
      this.#outcome = this.#whole(textEnd, this.#tooLong(textEnd));
      return at;
    }
    if (verdict === 'open') at = boundaryBefore(text, from, at);
    this.#advance(text, from, at);
    if (verdict !== 'open') this.#judge(verdict);
    return at;
  }

  #judge(broken: Broken): void {
    this.#broken = broken;
    if (broken === 'unclosed') this.#lines.finishLine();
    const end = this.#firstEnd;
    const next = this.#second;
    if (end === null || next === null || !this.#lines.areRows) return;
    this.#outcome = { textEnd: end, next, fault: this.#cut(end, FAULTS[broken]) };
  }

  /** Goes on to the end of the line on which the fault was found. */
  #toLineEnd(text: Buffer, from: number, eof: boolean): number {
    const end = lineEndFrom(text, from, text.length);
    // A CR may be the first half of CRLF.
    const isSure = eof || text[end] === LF || end + 1 < text.length;
    this.#advance(text, from, end);
    if (!isSure) return end;
    const textEnd = this.#here;
    const next = nextLine(text, end, text.length);
    this.#advance(text, end, next);
    this.#outcome = this.#whole(textEnd, this.#brokenWhole(textEnd));
    return next;
  }

  #whole(textEnd: Place, fault: Fault): LongOutcome {
    return { textEnd, next: this.#here, fault: this.#cut(textEnd, fault) };
  }

  #tooLong({ text, lineEnds }: Place): Fault {
    const fault = tooLong(this.#dialect.maxRecordBytes, text);
    if (lineEnds === 0) return fault;
    return { ...fault, message: `${fault.message} on lines ${this.#line} to ${this.#line + lineEnds}` };
  }

  #brokenWhole({ text, lineEnds }: Place): Fault {
    const broken = this.#broken as Broken;
    if (lineEnds === 0) return FAULTS[broken];
    const { errorName, message } = FAULTS[broken];
    const last = this.#line + lineEnds;
    const rows = `rows of ${this.#width} ${this.#width === 1 ? 'cell' : 'cells'}`;
    return {
      errorName,
      message: `${message}; lines ${this.#line} to ${last} (${text} bytes) are taken for one row, as they are no ${rows}`,
    };
  }

  #cut(textEnd: Place, fault: Fault): Fault {
    return cutFault(textEnd, fault, this.#dialect.maxRecordBytes);
  }

  /** Takes `text[from, to)` for seen; a line end of two bytes is in it whole, or not at all. */
  #advance(text: Buffer, from: number, to: number): void {
    const before = this.#here;
    const lineEnd = this.#second === null ? lineEndFrom(text, from, to) : to;
    if (lineEnd < to) {
      this.#firstEnd = this.#place(before, text, from, lineEnd, 0);
      this.#second = this.#place(before, text, from, nextLine(text, lineEnd, to), 1);
    }
    this.#lines.add(text, from, to);
    this.#here = this.#place(before, text, from, to, this.#lines.lineEnds);
  }

  #place(before: Place, text: Buffer, from: number, to: number, lineEnds: number): Place {
    const file = before.file + this.#decoding.fileLength(text, from, to);
    return { text: before.text + to - from, file, lineEnds };
  }
}

/**
 * Where no character and no line end is cut: to see the first half of one again means nothing to a record that goes on
 * behind it.
 */
function boundaryBefore(text: Buffer, from: number, to: number): number {
  let at = to;
  while (at > from && ((text[at] as number) & 0xc0) === 0x80) at--;
  return at > from && text[at - 1] === CR ? at - 1 : at;
}

const FAULTS: Readonly<Record<Broken, Fault>> = {
  unclosed: {
    errorName: 'UnclosedQuote',
    message: 'a quoted cell begins on this line and is not closed before the end of the file',
  },
  opening: {
    errorName: 'InvalidQuote',
    message:
      'a quote stands within a cell that does not begin with one; quote the whole cell, or set relax.quotes',
  },
  closing: {
    errorName: 'InvalidQuote',
    message:
      'a quoted cell goes on after its closing quote; a quote within a quoted cell must be escaped, unless relax.quotes is set',
  },
};
