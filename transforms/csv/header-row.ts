import { hidesLineEnd } from '../text/line-ends.ts';
import { countLineEnds } from '../text/lines.ts';
import { malformed } from '../text/malformed.ts';
import type { Dialect } from './dialect.ts';
import { type CellSink, copyUnescaped, RecordScanner } from './record-scanner.ts';

/** A row of names. */
export interface HeaderRow {
  readonly names: readonly string[];
  /** Without its line end. */
  readonly raw: Buffer;
  /** The line of the file on which it begins. */
  readonly line: number;
  /** Where the next line begins. */
  readonly end: number;
}

/** Reads the row at `at`; null when its end has not come yet. @throws HeadraceError SOURCE_MALFORMED */
export function readHeaderRow(
  text: Buffer,
  at: number,
  limit: number,
  dialect: Dialect,
  eof: boolean,
  path: string,
): HeaderRow | null {
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
  const names = cells.cells.map((cell) => columnName(cell, path, line));
  return { names, raw: text.subarray(at, scanner.textEnd), line, end: scanner.at };
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
  if (hidesLineEnd(cell))
    throw malformed(
      path,
      `the header on line ${line} has a name with a CR or LF in it; is line.end what ends its lines?`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cell);
  } catch (cause) {
    throw malformed(path, `the header on line ${line} is not text in the file's encoding`, cause);
  }
}
