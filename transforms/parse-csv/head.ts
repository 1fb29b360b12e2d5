import { HeadraceError } from '../../src/plugin/index.ts';
import { type Dialect, misnamed } from './dialect.ts';
import { afterBom } from './encoding.ts';
import { completeLines, countLineEnds, lineEndFrom, nextLine } from './lines.ts';
import { QuotedRecordReader } from './quoted-record.ts';
import { passedOver } from './split-rows.ts';

/** The beginning of a file up to its first row. */
export interface Head {
  /** null: the file ended before its header. */
  readonly columns: readonly string[] | null;
  /** Where the head ends, in UTF-8. */
  readonly end: number;
  readonly lines: number;
}

/** Reads byte order mark, skipped lines, comments and header; null when not all of it is there yet. */
export function readHead(text: Buffer, dialect: Dialect, eof: boolean, path: string): Head | null {
  const begin = afterBom(text);
  const limit = eof ? text.length : completeLines(text, begin);
  let at = begin;
  for (let skipped = 0; skipped < dialect.skipLines; skipped++) {
    if (at >= limit && !eof) return null;
    at = nextLine(text, lineEndFrom(text, at, limit), limit);
  }
  if (dialect.columns !== null) {
    return { columns: dialect.columns, end: at, lines: countLineEnds(text, 0, at) };
  }
  for (let next = at; at < limit; at = next) {
    next = passedOver(text, at, limit, dialect);
    if (next === at) return readHeader(text, at, limit, dialect, eof, path);
  }
  return eof ? { columns: null, end: at, lines: countLineEnds(text, 0, at) } : null;
}

function readHeader(
  text: Buffer,
  at: number,
  limit: number,
  dialect: Dialect,
  eof: boolean,
  path: string,
): Head | null {
  const reach = Math.min(limit, at + dialect.maxRecordBytes + 1);
  const record = new QuotedRecordReader(dialect).read(text.subarray(at, reach));
  const line = countLineEnds(text, 0, at) + 1;
  if ('problem' in record) {
    const tooLong = reach - at > dialect.maxRecordBytes;
    if (record.problem === 'unclosed' && !eof && !tooLong) return null;
    throw malformed(path, `a quote is out of place in the header, which begins on line ${line}`);
  }
  const end = at + record.next;
  if (end - at > dialect.maxRecordBytes) {
    throw malformed(path, `the header on line ${line} is longer than max.record.bytes`);
  }
  const columns = record.cells.map((cell) => columnName(cell, path, line));
  const misnaming = misnamed(columns);
  if (misnaming !== null) throw malformed(path, `the header on line ${line} has ${misnaming}`);
  return { columns, end, lines: countLineEnds(text, 0, end) };
}

function columnName(cell: Uint8Array, path: string, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cell);
  } catch (cause) {
    throw malformed(path, `the header on line ${line} is not text in the file's encoding`, cause);
  }
}

/** The file as a whole cannot be parsed. */
export function malformed(path: string, message: string, cause?: unknown): HeadraceError {
  return new HeadraceError('SOURCE_MALFORMED', `${path}: ${message}`, { cause });
}
