import { CR, LF } from '../text/lines.ts';
import { trimmedEnd, WHITE_SPACE_MAX_BYTES, whiteSpaceAt } from '../text/white-space.ts';
import type { Dialect } from './dialect.ts';

/** Takes the cells of a record, by where their text stands. */
export interface CellSink {
  addCell(start: number, end: number): void;
  /** A cell that loses its escapes. */
  addEscaped(start: number, end: number): void;
}

/**
 * Whether a record has ended: `open` when it goes on behind the bytes there were. Otherwise what is wrong with a quote:
 * `opening` when it stands within a cell that does not begin with one, `closing` when the cell goes on after it, and
 * `unclosed` when the file ends before it is closed.
 */
export type Verdict = 'ended' | 'open' | 'opening' | 'closing' | 'unclosed';

const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3;

const NO_BYTE = -1;
const NO_CELLS: CellSink = { addCell() {}, addEscaped() {} };

/**
 * Finds the cells and the end of one record, in bytes that may come in several runs. Its results are csv-parse's,
 * except that an escape goes only where it stands before a quote or itself: csv-parse says so of itself too, and takes
 * it away before anything.
 */
export class RecordScanner {
  readonly #quote: number;
  readonly #escape: number;
  readonly #delimiter: Buffer;
  readonly #trim: boolean;
  readonly #trimRight: boolean;
  readonly #relaxQuotes: boolean;
  #state = START;
  #cellStart = 0;
  #cellEnd = 0;
  #hasEscapes = false;
  #hasQuotes = false;
  #at = 0;
  #textEnd = 0;
  /** What stands behind a byte is needed to know what it means, so far at most. */
  readonly reach: number;

  constructor(dialect: Dialect) {
    this.#quote = dialect.quote?.charCodeAt(0) ?? NO_BYTE;
    this.#escape = dialect.escape?.charCodeAt(0) ?? NO_BYTE;
    this.#delimiter = Buffer.from(dialect.delimiter);
    this.#trim = dialect.trim;
    this.#trimRight = dialect.trimRight;
    this.#relaxQuotes = dialect.relaxQuotes;
    this.reach = Math.max(this.#delimiter.length, WHITE_SPACE_MAX_BYTES);
  }

  /** How far bytes are used up: where the next record begins, or where a fault was found. */
  get at(): number {
    return this.#at;
  }

  /** Where the record's last cell ends. */
  get textEnd(): number {
    return this.#textEnd;
  }

  get isQuoteOpen(): boolean {
    return this.#state === QUOTED;
  }

  /** A quote was opened in this record. */
  get hasQuotes(): boolean {
    return this.#hasQuotes;
  }

  begin(): void {
    this.#state = START;
    this.#hasEscapes = false;
    this.#hasQuotes = false;
  }

  /**
   * Goes on with the record in `data[from, to)`. Only when these end with a line end (`isWhole`), or the file, are all of
   * them used up. Cells are for a record that comes in one run.
   */
  scan(data: Buffer, from: number, to: number, isWhole: boolean, cells = NO_CELLS): Verdict {
    const stop = isWhole ? to : to - this.reach;
    if (this.#state === START) this.#cellStart = from;
    let at = from;
    while (at < stop) {
      if (this.#state === QUOTED) {
        at = this.#quoted(data, at, stop, to);
        continue;
      }
      const byte = data[at] as number;
      if (byte === this.#quote && this.#mayOpen()) {
        if (this.#state === PLAIN) return this.#stopped(at, 'opening');
        this.#state = QUOTED;
        this.#hasQuotes = true;
        this.#cellStart = ++at;
        continue;
      }
      if (byte === LF || byte === CR) {
        this.#endCell(data, at, cells);
        this.#textEnd = at;
        return this.#stopped(at + (byte === CR && at + 1 < to && data[at + 1] === LF ? 2 : 1), 'ended');
      }
      if (byte === this.#delimiter[0] && this.#isDelimiter(data, at, to)) {
        this.#endCell(data, at, cells);
        at += this.#delimiter.length;
        this.#cellStart = at;
        continue;
      }
      const space = this.#isTrimmed() ? whiteSpaceAt(data, at) : 0;
      if (space > 0) {
        at += space;
        if (this.#state === START) this.#cellStart = at;
      } else if (this.#state === CLOSED && !this.#relaxQuotes) return this.#stopped(at, 'closing');
      else {
        if (this.#state === CLOSED) this.#takeAsItStands();
        this.#state = PLAIN;
        at++;
      }
    }
    return this.#stopped(at, 'open');
  }

  /** A quote here opens a cell, or is a fault. */
  #mayOpen(): boolean {
    return this.#state === START || (this.#state === PLAIN && !this.#relaxQuotes);
  }

  /** White space here is no part of the cell. */
  #isTrimmed(): boolean {
    if (this.#state === PLAIN) return false;
    return this.#state === START ? this.#trim : this.#trimRight;
  }

  /** A cell that goes on behind its closing quote begins with the opening one. */
  #takeAsItStands(): void {
    this.#cellStart--;
    this.#hasEscapes = false;
  }

  /** The file ends where the scan has come to. */
  end(data: Buffer, cells = NO_CELLS): Verdict {
    if (this.#state === QUOTED) return 'unclosed';
    this.#textEnd = this.#at;
    this.#endCell(data, this.#at, cells);
    return 'ended';
  }

  #stopped(at: number, verdict: Verdict): Verdict {
    this.#at = at;
    return verdict;
  }

  /** Goes on within quotes, and behind the closing one. */
  #quoted(data: Buffer, from: number, stop: number, to: number): number {
    for (let at = this.#nextMark(data, from, stop); at < stop; at = this.#nextMark(data, at, stop)) {
      const byte = data[at] as number;
      const next = at + 1 < to ? data[at + 1] : NO_BYTE;
      if (byte === this.#escape && (next === this.#quote || next === this.#escape)) {
        this.#hasEscapes = true;
        at += 2;
        // The second half of a pair may stand behind what is to be scanned.
        if (at > stop) return at;
      } else if (byte === this.#quote) {
        this.#cellEnd = at;
        this.#state = CLOSED;
        return at + 1;
      } else at++;
    }
    return stop;
  }

  /** The next quote or escape. */
  #nextMark(data: Buffer, from: number, stop: number): number {
    const quote = this.#quote;
    const escapeByte = this.#escape;
    if (quote === escapeByte) {
      const at = data.indexOf(quote, from);
      return at < 0 ? stop : at;
    }
    let at = from;
    while (at < stop && data[at] !== quote && data[at] !== escapeByte) at++;
    return at;
  }

  #endCell(data: Buffer, at: number, cells: CellSink): void {
    if (this.#state !== CLOSED) {
      cells.addCell(this.#cellStart, this.#trimRight ? trimmedEnd(data, this.#cellStart, at) : at);
    } else if (this.#hasEscapes) cells.addEscaped(this.#cellStart, this.#cellEnd);
    else cells.addCell(this.#cellStart, this.#cellEnd);
    this.#state = START;
    this.#hasEscapes = false;
  }

  #isDelimiter(data: Buffer, at: number, to: number): boolean {
    const { length } = this.#delimiter;
    if (at + length > to) return false;
    for (let i = 1; i < length; i++) if (data[at + i] !== this.#delimiter[i]) return false;
    return true;
  }
}

/** Copies a cell's text without its escapes to `to` in the same memory, and gives the end of the copy. */
export function copyUnescaped(
  dialect: Dialect,
  data: Buffer,
  start: number,
  end: number,
  to: number,
): number {
  const quoteByte = dialect.quote?.charCodeAt(0);
  const escapeByte = dialect.escape?.charCodeAt(0);
  let out = to;
  for (let at = start; at < end; at++) {
    if (data[at] === escapeByte && at + 1 < end) {
      const next = data[at + 1];
      if (next === quoteByte || next === escapeByte) at++;
    }
    data[out++] = data[at] as number;
  }
  return out;
}
