import {
  type FileParser,
  type FileStart,
  type ReadProgress,
  RecordBatch,
  release,
  type SourceFile,
} from '../../src/plugin/index.ts';
import { Carry } from './carry.ts';
import type { Dialect } from './dialect.ts';
import { BOM_MAX_BYTES, decodingOf, type Encoding, encodingOf, type TextDecoding } from './encoding.ts';
import { malformed, readHead } from './head.ts';
import { invalidText, isText } from './invalid-text.ts';
import { RowSplitter, type Split } from './split-rows.ts';
import { type Text, textOf } from './text.ts';

/** A line this many times as long as a row may be is not a line of a CSV file. */
const LONGEST_LINE_FACTOR = 16;

/** What is known of a file once its beginning is read. */
interface Opened {
  readonly columns: readonly string[];
  readonly splitter: RowSplitter;
}

/** Parses one file: holds back the row that is not complete, and counts bytes, rows and lines. */
export class CsvFileParser implements FileParser {
  readonly #file: SourceFile;
  readonly #dialect: Dialect;
  readonly #carry: Carry;
  #progress: ReadProgress = { position: 0, row: 0, line: 0, head: 0 };
  #encoding: Encoding | null = null;
  #decoding: TextDecoding = decodingOf('utf8');
  #opened: Opened | null = null;

  constructor(file: SourceFile, dialect: Dialect) {
    this.#file = file;
    this.#dialect = dialect;
    this.#carry = new Carry(dialect.maxRecordBytes, dialect.quote);
    if (file.start !== null && file.start.position > 0) this.#resume(file.start);
  }

  push(bytes: Buffer, eof: boolean, block?: Buffer): RecordBatch | null {
    if (!this.#carry.add(bytes, block) && !eof) {
      if (this.#isLineTooLong()) throw this.#lineTooLong();
      return null;
    }
    const source = this.#carry.take();
    if (this.#encoding === null) {
      if (source.bytes.length < BOM_MAX_BYTES && !eof) return this.#wait(source);
      this.#useEncoding(encodingOf(source.bytes, this.#dialect.encoding));
    }
    const decoded = this.#decoding.toUtf8(source.bytes, eof);
    const text = decoded === source.bytes ? source : textOf(decoded);
    return this.#opened === null ? this.#begin(source, text, eof) : this.#batch(source, text, 0, eof);
  }

  close(): void {
    release(this.#carry.take().block);
  }

  /** Learns the columns again from the beginning of the file. */
  #resume(start: FileStart): void {
    const { headBytes, position, row, line, head } = start;
    this.#useEncoding(encodingOf(headBytes, this.#dialect.encoding));
    const text = this.#decoding.toUtf8(headBytes, true);
    this.#open(readHead(text, this.#dialect, true, this.#file.path)?.columns ?? []);
    this.#progress = { position, row, line, head };
  }

  #useEncoding(encoding: Encoding): void {
    this.#encoding = encoding;
    this.#decoding = decodingOf(encoding);
  }

  #open(columns: readonly string[]): void {
    this.#opened = { columns, splitter: new RowSplitter(this.#dialect, columns) };
  }

  #begin(source: Text, text: Text, eof: boolean): RecordBatch | null {
    const head = this.#head(source, text, eof);
    if (head === null) {
      if (text !== source) release(text.block);
      return this.#wait(source);
    }
    this.#open(head.columns ?? []);
    const length = head.columns === null ? 0 : this.#decoding.fileLength(text.bytes, 0, head.end);
    this.#progress = { ...this.#progress, line: head.lines, head: length };
    return this.#batch(source, text, head.end, eof);
  }

  #head(source: Text, text: Text, eof: boolean): ReturnType<typeof readHead> {
    try {
      return readHead(text.bytes, this.#dialect, eof, this.#file.path);
    } catch (error) {
      release(source.block);
      if (text !== source) release(text.block);
      throw error;
    }
  }

  /** The batch of the rows in `text` from `from` on; all of `text` is new. */
  #batch(source: Text, text: Text, from: number, eof: boolean): RecordBatch | null {
    const { columns, splitter } = this.#opened as Opened;
    const split = splitter.split(text, from, this.#progress.line + 1, eof);
    const used = eof ? source.bytes.length : this.#decoding.fileLength(text.bytes, 0, split.consumed);
    this.#carry.hold(source.bytes.subarray(used), split.quoteOpen);
    const done = () => {
      split.release();
      release(source.block);
      if (text !== source) release(text.block);
    };
    if (this.#isLineTooLong()) {
      done();
      throw this.#lineTooLong();
    }
    if (used === 0 && !eof) {
      done();
      return null;
    }
    const before = this.#progress;
    this.#progress = {
      position: before.position + used,
      row: before.row + split.rowCount,
      line: before.line + split.linesConsumed,
      head: before.head,
    };
    const batch = new RecordBatch({
      file: this.#file,
      columns,
      bytes: source.bytes.subarray(0, used),
      position: before.position,
      rowCount: split.rowCount,
      rowBounds: this.#inFile(text.bytes, split.rowBounds, used),
      lines: split.lines,
      cells: split.cells,
      progress: this.#progress,
      eof,
      release: done,
    });
    this.#rejectFaulty(batch, split);
    return batch;
  }

  /** Turns positions in UTF-8, which only grow, into positions in the file's own bytes. */
  #inFile(text: Buffer, positions: Uint32Array, length: number): Uint32Array {
    if (this.#encoding === 'utf8') return positions;
    let at = 0;
    let inFile = 0;
    for (const [index, position] of positions.entries()) {
      inFile += this.#decoding.fileLength(text, at, position);
      at = position;
      positions[index] = Math.min(inFile, length);
    }
    return positions;
  }

  #rejectFaulty(batch: RecordBatch, split: Split): void {
    const rejected = { stage: 'PARSE', plugin: 'csv' } as const;
    for (const [index, fault] of split.faults) batch.reject(index, { ...rejected, ...fault });
    const encoding = this.#encoding as Encoding;
    if (isText(batch.bytes, encoding)) return;
    for (let i = 0; i < batch.rowCount; i++) {
      if (!batch.isLive(i) || isText(batch.rawRow(i), encoding)) continue;
      batch.reject(i, { ...rejected, ...invalidText(batch, i, encoding) });
    }
  }

  #wait(source: Text): null {
    this.#carry.hold(source.bytes, false);
    release(source.block);
    if (this.#isLineTooLong()) throw this.#lineTooLong();
    return null;
  }

  get #longestLine(): number {
    return LONGEST_LINE_FACTOR * this.#dialect.maxRecordBytes;
  }

  #isLineTooLong(): boolean {
    return this.#carry.length > this.#longestLine;
  }

  #lineTooLong(): Error {
    const longest = this.#longestLine;
    const line = this.#progress.line + 1;
    return malformed(
      this.#file.path,
      `line ${line} has no end within ${longest} bytes, ${LONGEST_LINE_FACTOR} times max.record.bytes; is it CSV?`,
    );
  }
}
