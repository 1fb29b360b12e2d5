import type { FileStart, PluginLog, ReadProgress, Rejection, SourceFile } from '../../src/plugin/index.ts';
import { type BlockFileParser, type BlockRows, release } from '../../src/rows/index.ts';
import { SHORT_HEAD_BYTES } from '../../src/values/known-formats.ts';
import { Carry } from './carry.ts';
import { columnNamesMistake } from './column-names-mistake.ts';
import { controlFaults, nameWithoutControls, withoutControls } from './control-characters.ts';
import { decodingOf, type TextDecoding } from './decoding.ts';
import { type Encoding, encodingOf, whyNoText } from './encoding.ts';
import { type FoundFooter, footerOf, lastLines, miscount } from './footer.ts';
import { EVIDENCE_BYTES, findEncoding } from './found-encoding.ts';
import type { Head } from './head.ts';
import { invalidRows } from './invalid-text.ts';
import { showOthers, withLineEnd } from './line-ends.ts';
import { countLineEnds } from './lines.ts';
import type { LongOutcome } from './long-rows.ts';
import { LookAhead } from './look-ahead.ts';
import { malformed } from './malformed.ts';
import type { Fault } from './row-table.ts';
import { rowsInFile } from './rows-in-file.ts';
import { SkippedRecord } from './skipped-record.ts';
import { type Text, textOf } from './text.ts';
import type { Split, Splitter, TextFormat } from './text-format.ts';

/** A line this many times as long as a row may be is not a line of rows. */
const LONGEST_LINE_FACTOR = 16;

const NO_HEAD: Head = { columns: null, end: 0, lines: 0 };

/** What is known of a file once its beginning is read. */
interface Opened {
  readonly columns: readonly string[];
  readonly splitter: Splitter;
}

/** Parses one file: holds back the row that is not complete, and counts bytes, rows and lines. */
export class TextFileParser implements BlockFileParser {
  readonly #file: SourceFile;
  readonly #format: TextFormat;
  readonly #log: Pick<PluginLog, 'info'>;
  readonly #carry: Carry;
  #progress: ReadProgress = { position: 0, row: 0, line: 0, head: 0 };
  #decoding: TextDecoding = decodingOf('utf8');
  /** Whether `#decoding` is that of the file. */
  #isDecodingKnown = false;
  /** So many bytes at the beginning told it: they are looked at again to resume. */
  #evidence = 0;
  #opened: Opened | null = null;
  /** The first row that is held will be rejected, once it is known where it ends. */
  #ahead: LookAhead | null = null;
  /** The row at which reading is will be rejected, once its bytes have gone by. */
  #skipped: SkippedRecord | null = null;
  /** What is held stands behind a row that was skipped, and was not parsed yet. */
  #behind: { readonly eof: boolean } | null = null;

  constructor(file: SourceFile, format: TextFormat, log: Pick<PluginLog, 'info'>) {
    this.#file = file;
    this.#format = format;
    this.#log = log;
    this.#carry = new Carry(format.maxRecordBytes, format.quote);
    if (file.start !== null && file.start.position > 0) this.#resume(file.start);
  }

  push(bytes: Buffer, eof: boolean, block?: Buffer): BlockRows | null {
    if (this.#skipped !== null) return this.#skip(this.#skipped, bytes, eof, block);
    if (this.#ahead !== null) return this.#lookOn(this.#ahead, bytes, eof, block);
    if (!this.#carry.add(bytes, block) && !eof) {
      if (this.#isLineTooLong()) throw this.#lineTooLong();
      return null;
    }
    return this.#parse(eof);
  }

  rest(): AsyncGenerator<BlockRows, void, undefined> | null {
    const looksAhead = this.#ahead !== null && this.#carry.length > this.#longestLine;
    return looksAhead || this.#behind !== null ? this.#rest() : null;
  }

  async *#rest(): AsyncGenerator<BlockRows, void, undefined> {
    for (;;) {
      const behind = this.#behind;
      this.#behind = null;
      let rows: BlockRows | null = null;
      if (behind !== null) rows = this.#parse(behind.eof);
      else if (this.#ahead === null || this.#carry.length <= this.#longestLine) return;
      else rows = this.#endLong(await this.#lookAhead(this.#ahead), false);
      if (rows !== null) yield rows;
    }
  }

  /** Looks for the end of a record in bytes that go on to be held. */
  #lookOn(ahead: LookAhead, bytes: Buffer, eof: boolean, block?: Buffer): BlockRows | null {
    const outcome = ahead.feed(bytes, eof);
    this.#carry.add(bytes, block);
    return outcome === null ? null : this.#endLong(outcome, eof);
  }

  /** Looks for it in the file: it is not to be held. */
  async #lookAhead(ahead: LookAhead): Promise<LongOutcome> {
    const { lookAhead } = this.#file;
    if (lookAhead === undefined) throw this.#lineTooLong();
    const from = this.#progress.position + this.#carry.length;
    for await (const bytes of lookAhead.call(this.#file, from)) {
      const outcome = ahead.feed(bytes, false);
      if (outcome !== null) return outcome;
    }
    return ahead.feed(Buffer.alloc(0), true) as LongOutcome;
  }

  /** Rejects a record whose end is known; null when that is not reached yet. */
  #endLong(outcome: LongOutcome, eof: boolean): BlockRows | null {
    this.#ahead = null;
    this.#skipped = new SkippedRecord(outcome);
    const { bytes, block } = this.#carry.take();
    return this.#skip(this.#skipped, bytes, eof, block);
  }

  #skip(skipped: SkippedRecord, bytes: Buffer, eof: boolean, block?: Buffer): BlockRows | null {
    const used = skipped.take(bytes);
    this.#carry.hold(bytes.subarray(used), false);
    if (block !== undefined) release(block);
    if (!skipped.isPast) {
      if (eof)
        throw malformed(this.#file.path, 'is shorter than it was when it was looked at; have it sent again');
      return null;
    }
    this.#skipped = null;
    this.#behind = { eof };
    return this.#skippedRow(skipped);
  }

  #skippedRow(skipped: SkippedRecord): BlockRows {
    const { columns } = this.#opened as Opened;
    const { outcome } = skipped;
    const before = this.#progress;
    this.#progress = {
      position: before.position + outcome.next.file,
      row: before.row + 1,
      line: before.line + outcome.next.lineEnds,
      head: before.head,
    };
    return {
      ...skipped.rows(columns.length),
      file: this.#file,
      columns,
      position: before.position,
      rowCount: 1,
      lines: Uint32Array.of(before.line + 1),
      rejections: new Map([[0, this.#rejection(outcome.fault)]]),
      progress: this.#progress,
      eof: false,
    };
  }

  /** Parses what is held. */
  #parse(eof: boolean): BlockRows | null {
    const source = this.#carry.take();
    if (!this.#isDecodingKnown) {
      if (source.bytes.length < this.#decidingBytes && !eof) return this.#hold(source);
      this.#requireText(source);
    }
    const decoded = this.#decoding.toUtf8(source.bytes, eof);
    const text = decoded === source.bytes ? source : textOf(decoded);
    return this.#opened === null ? this.#begin(source, text, eof) : this.#rows(source, text, 0, eof);
  }

  close(): void {
    release(this.#carry.take().block);
  }

  /** Learns the columns again from the beginning of the file. */
  #resume(start: FileStart): void {
    const { headBytes, position, row, line, head } = start;
    this.#useEncoding(headBytes);
    const text = this.#decoding.toUtf8(headBytes, true);
    this.#open(this.#readHead(text, true) ?? NO_HEAD);
    this.#progress = { position, row, line, head };
  }

  /** @throws HeadraceError SOURCE_MALFORMED for what is no text that can be read, with what it is */
  #requireText({ bytes, block }: Text): void {
    try {
      const problem = whyNoText(bytes, this.#format);
      if (problem !== null) throw malformed(this.#file.path, problem);
      this.#useEncoding(bytes);
    } catch (error) {
      release(block);
      throw error;
    }
  }

  get #decidingBytes(): number {
    return this.#format.encoding === 'auto' ? Math.min(EVIDENCE_BYTES, this.#longestLine) : SHORT_HEAD_BYTES;
  }

  /** @throws HeadraceError SOURCE_MALFORMED where it is to be found out, and cannot be */
  #useEncoding(beginning: Buffer): void {
    const { encoding, lineEnd } = this.#format;
    const found = encoding === 'auto' ? this.#foundIn(beginning) : encodingOf(beginning, encoding);
    this.#decoding = withLineEnd(decodingOf(found), lineEnd);
    this.#isDecodingKnown = true;
  }

  #foundIn(beginning: Buffer): Encoding {
    const { path } = this.#file;
    const evidence = beginning.subarray(0, this.#decidingBytes);
    const found = findEncoding(evidence);
    if (typeof found === 'string')
      throw malformed(path, `${found}; set the encoding of the ${this.#format.plugin} parser`);
    this.#evidence = evidence.length;
    this.#log.info('encoding found out', { file: path, ...found });
    return found.encoding;
  }

  #open(head: Head): void {
    const columns = head.columns ?? [];
    this.#opened = { columns, splitter: this.#format.splitter({ ...head, columns }, this.#decoding) };
  }

  #begin(source: Text, text: Text, eof: boolean): BlockRows | null {
    const head = this.#head(source, text, eof);
    if (head === null) {
      if (text !== source) release(text.block);
      return this.#wait(source);
    }
    this.#open(head);
    const { columns, end, toldBy = end } = head;
    const length = columns === null ? 0 : this.#decoding.fileLength(text.bytes, 0, toldBy);
    this.#progress = { ...this.#progress, line: head.lines, head: Math.max(length, this.#evidence) };
    return this.#rows(source, text, end, eof);
  }

  #head(source: Text, text: Text, eof: boolean): Head | null {
    try {
      return this.#readHead(text.bytes, eof);
    } catch (error) {
      release(source.block);
      if (text !== source) release(text.block);
      throw error;
    }
  }

  #readHead(text: Buffer, eof: boolean): Head | null {
    const { path } = this.#file;
    const head = this.#format.readHead(text, eof, path);
    if (this.#format.controlCharacters !== 'remove' || head === null || head.columns === null) return head;
    const columns = head.columns.map(nameWithoutControls);
    const mistake = columnNamesMistake(columns);
    if (mistake !== null) throw malformed(path, `its header, without control characters, has ${mistake}`);
    return { ...head, columns };
  }

  /** The rows in `text` from `from` on; all of `text` is new. */
  #rows(source: Text, text: Text, from: number, eof: boolean): BlockRows | null {
    const { columns, splitter } = this.#opened as Opened;
    const footer = this.#footer(source, text, from, eof);
    const firstLine = this.#progress.line + 1;
    const behind = eof ? countLineEnds(text.bytes, footer.begin, text.bytes.length) : 0;
    const split = this.#asInFile(splitter.split(text, { from, to: footer.begin, firstLine, eof }), text);
    const used = eof ? source.bytes.length : this.#decoding.fileLength(text.bytes, 0, split.consumed);
    this.#carry.hold(source.bytes.subarray(used), split.quoteOpen);
    if (split.long !== null) {
      const { record, seen } = split.long;
      const inFile = this.#decoding.fileLength(text.bytes, split.consumed, seen);
      this.#ahead = new LookAhead(record, this.#decoding, source.bytes.subarray(used), inFile);
    }
    const done = () => {
      split.release();
      release(source.block);
      if (text !== source) release(text.block);
    };
    const isTooLong = this.#ahead === null && this.#isLineTooLong();
    const row = this.#progress.row + split.rowCount;
    const mistake = isTooLong ? this.#lineTooLong() : miscount(footer, row, this.#file.path);
    if (mistake !== null) {
      done();
      throw mistake;
    }
    if (used === 0 && !eof) {
      done();
      return null;
    }
    const before = this.#progress;
    this.#progress = {
      position: before.position + used,
      row,
      line: before.line + split.linesConsumed + behind,
      head: before.head,
    };
    const rows = {
      file: this.#file,
      columns,
      bytes: source.bytes.subarray(0, used),
      position: before.position,
      rowCount: split.rowCount,
      rowBounds: rowsInFile(split, text.bytes, this.#decoding, used),
      lines: split.lines,
      cells: split.cells,
      emptyTexts: split.emptyTexts,
      progress: this.#progress,
      eof,
      release: done,
    };
    return { ...rows, rejections: this.#rejections(rows, split) };
  }

  #asInFile(split: Split, { bytes }: Text): Split {
    const { cells } = split;
    if (this.#format.lineEnd !== 'any') showOthers(cells.bytes.subarray(0, cells.textEnd));
    return this.#format.controlCharacters === 'remove' ? withoutControls(split, bytes.length) : split;
  }

  /** Where lines begin that are no rows, or may be none; no rows are made of a file that lacks them. */
  #footer(source: Text, text: Text, from: number, eof: boolean): FoundFooter {
    const { footer } = this.#format;
    const { bytes } = text;
    if (footer === null) return { begin: bytes.length, rows: null };
    if (!eof) return { begin: lastLines(bytes, from, footer.lines), rows: null };
    try {
      return footerOf(bytes, from, footer, this.#file.path);
    } catch (error) {
      release(source.block);
      if (text !== source) release(text.block);
      throw error;
    }
  }

  #rejections(rows: BlockRows, split: Split): ReadonlyMap<number, Rejection> {
    const controls = this.#format.controlCharacters === 'reject' ? controlFaults(split, rows.columns) : [];
    const all = new Map([...controls, ...invalidRows(rows, this.#decoding), ...split.faults]);
    return new Map([...all].map(([index, fault]) => [index, this.#rejection(fault)]));
  }

  #rejection(fault: Fault): Rejection {
    return { stage: 'PARSE', plugin: this.#format.plugin, ...fault };
  }

  #wait(source: Text): null {
    const { bytes } = source;
    const isTooLong = bytes.length > this.#longestLine;
    const isOfAny = this.#format.lineEnd === 'any';
    const hasLines = isTooLong && isOfAny && countLineEnds(bytes, 0, this.#longestLine) > 0;
    this.#hold(source);
    if (isTooLong) throw hasLines ? this.#noHeader() : this.#lineTooLong();
    return null;
  }

  #hold({ bytes, block }: Text): null {
    this.#carry.hold(bytes, false);
    release(block);
    return null;
  }

  #noHeader(): Error {
    const why = `has no header within ${this.#longestLine} bytes, ${LONGEST_LINE_FACTOR} times max.record.bytes`;
    return malformed(
      this.#file.path,
      `${why}; where a section begins later, name its columns: header: false, and columns`,
    );
  }

  get #longestLine(): number {
    return LONGEST_LINE_FACTOR * this.#format.maxRecordBytes;
  }

  #isLineTooLong(): boolean {
    return this.#carry.length > this.#longestLine;
  }

  #lineTooLong(): Error {
    const longest = this.#longestLine;
    const line = this.#progress.line + 1;
    const { what, lineEnd } = this.#format;
    const question = lineEnd === 'any' ? `is it ${what}?` : `is line.end, ${lineEnd}, what ends its lines?`;
    return malformed(
      this.#file.path,
      `line ${line} has no end within ${longest} bytes, ${LONGEST_LINE_FACTOR} times max.record.bytes; ${question}`,
    );
  }
}
