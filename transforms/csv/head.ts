import { columnNamesMistake } from '../text/column-names-mistake.ts';
import { type Head, plainHead, textBegin } from '../text/head.ts';
import { completeLines, countLineEnds } from '../text/lines.ts';
import { malformed } from '../text/malformed.ts';
import { passedOver } from '../text/passed-over.ts';
import type { Dialect } from './dialect.ts';
import { type CellSink, copyUnescaped, RecordScanner } from './record-scanner.ts';

/** Reads byte order mark, skipped lines, comments and header; null when not all of it is there yet. */
export function readHead(text: Buffer, dialect: Dialect, eof: boolean, path: string): Head | null {
  const { columns, skipLines } = dialect;
  if (columns !== null) return plainHead(columns, text, skipLines, eof);
  const at = textBegin(text, skipLines, eof);
  if (at === null) return null;
  const limit = eof ? text.length : completeLines(text, at);
  for (let line = at, next = at; line < limit; line = next) {
    next = passedOver(text, line, limit, dialect);
    if (next === line) return readHeader(text, line, limit, dialect, eof, path);
  }
  return eof ? { columns: null, end: limit, lines: countLineEnds(text, 0, limit) } : null;
}

function readHeader(
  text: Buffer,
  at: number,
  limit: number,
  dialect: Dialect,
  eof: boolean,
  path: string,
): Head | null {
  const scanner = new RecordScanner(dialect);
  const cells = new HeaderCells(text, dialect);
  const enough = at + dialect.maxRecordBytes + 1 + scanner.reach;
  const to = Math.min(limit, enough);
  scanner.begin();
  let verdict = scanner.scan(text, at, to, to === limit, cells);
  if (verdict === 'open' && eof && to === limit) verdict = scanner.end(text, cells);
  if (verdict === 'open' && text.length < enough) return null;
  const line = countLineEnds(text, 0, at) + 1;
  if (verdict === 'open' || (verdict === 'ended' && scanner.textEnd - at > dialect.maxRecordBytes)) {
    throw malformed(
      path,
      `the header on line ${line} is longer than max.record.bytes (${dialect.maxRecordBytes})`,
    );
  }
  if (verdict !== 'ended') throw malformed(path, `the header on line ${line} ${QUOTE_PROBLEMS[verdict]}`);
  const columns = cells.cells.map((cell) => columnName(cell, path, line));
  const mistake = columnNamesMistake(columns);
  if (mistake !== null) throw malformed(path, `the header on line ${line} has ${mistake}`);
  return { columns, end: scanner.at, lines: countLineEnds(text, 0, scanner.at) };
}

const QUOTE_PROBLEMS = {
  unclosed: 'opens a quote that is not closed before the end of the file',
  opening: 'has a quote within a name that does not begin with one; quote the whole name',
  closing: 'goes on after the closing quote of a name; a quote within a quoted name must be escaped',
};

class HeaderCells implements CellSink {
  readonly cells: Uint8Array[] = [];
  readonly #text: Buffer;
  readonly #dialect: Dialect;

  constructor(text: Buffer, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  addCell(start: number, end: number): void {
    this.cells.push(this.#text.subarray(start, end));
  }

  addEscaped(start: number, end: number): void {
    const cell = Buffer.concat([this.#text.subarray(start, end), Buffer.alloc(end - start)]);
    this.cells.push(
      cell.subarray(end - start, copyUnescaped(this.#dialect, cell, 0, end - start, end - start)),
    );
  }
}

function columnName(cell: Uint8Array, path: string, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cell);
  } catch (cause) {
    throw malformed(path, `the header on line ${line} is not text in the file's encoding`, cause);
  }
}
