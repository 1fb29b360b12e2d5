import { columnNamesMistake } from '../text/column-names-mistake.ts';
import { afterBom } from '../text/encoding.ts';
import { type Head, textBegin } from '../text/head.ts';
import { completeLines, countLineEnds, lineEndFrom, nextLine } from '../text/lines.ts';
import { malformed } from '../text/malformed.ts';
import { passedOver } from '../text/passed-over.ts';
import type { Dialect } from './dialect.ts';
import { type HeaderRow, readHeaderRow } from './header-row.ts';

/** The dialect of the rows behind a head. */
export function dialectOf(
  dialect: Dialect,
  { delimiter = dialect.delimiter, headers = [] }: Pick<Head, 'delimiter' | 'headers'>,
): Dialect {
  const emptyRowsOf = dialect.emptyRowsOf && Buffer.from(delimiter);
  return { ...dialect, delimiter, emptyRowsOf, section: dialect.sectionBy(delimiter), headers };
}

/** Reads what stands before the first row; null when not all of it is there yet. */
export function readHead(text: Buffer, given: Dialect, eof: boolean, path: string): Head | null {
  const begin = textBegin(text, given.skipLines, eof);
  if (begin === null) return null;
  const limit = eof ? text.length : completeLines(text, begin);
  const told = toldDelimiter(text, given, begin, limit);
  if (told === 'open') return null;
  const dialect = told === null ? given : dialectOf(given, { delimiter: told.delimiter });
  const rows: HeaderRow[] = [];
  let at = told?.end ?? begin;
  while (rows.length < dialect.headerRows) {
    const next = passedOver(text, at, limit, dialect);
    if (next > at) at = next;
    else if (at >= limit) return eof ? headOf(text, at, dialect, null, []) : null;
    else {
      const row = readHeaderRow(text, at, limit, dialect, eof, path);
      if (row === null) return null;
      rows.push(row);
      at = row.end;
    }
  }
  return headOf(text, at, dialect, columnsOf(rows, dialect, path), rows);
}

function headOf(
  text: Buffer,
  end: number,
  dialect: Dialect,
  columns: readonly string[] | null,
  rows: readonly HeaderRow[],
): Head {
  const { delimiter, skipRepeatedHeaders, headerRows } = dialect;
  const headers = headerRows === 0 ? namesAsLines(dialect) : rows.map(({ raw }) => Buffer.from(raw));
  return {
    columns: columns ?? dialect.columns,
    end,
    lines: countLineEnds(text, 0, end),
    delimiter,
    headers: skipRepeatedHeaders ? headers : [],
  };
}

/** The header that a file could have which is not meant to: its names as they are, and each in quotes. */
function namesAsLines({ columns, delimiter, quote }: Dialect): Buffer[] {
  if (columns === null) return [];
  const lines = [columns, columns.map((name) => `${quote ?? ''}${name}${quote ?? ''}`)];
  return lines.map((names) => Buffer.from(names.join(delimiter)));
}

/** The columns of the rows of a header. @throws HeadraceError SOURCE_MALFORMED */
function columnsOf(rows: readonly HeaderRow[], { columns }: Dialect, path: string): readonly string[] | null {
  const first = rows[0];
  if (first === undefined) return null;
  const names = rows.length === 1 ? first.names : joined(rows);
  if (columns !== null) {
    if (columns.length === names.length) return columns;
    const counts = `${names.length} ${names.length === 1 ? 'column' : 'columns'}, and the option columns names ${columns.length}`;
    throw malformed(path, `the header on line ${first.line} has ${counts}; name as many as it has`);
  }
  const mistake = columnNamesMistake(names);
  if (mistake !== null) throw malformed(path, `the header on line ${first.line} has ${mistake}`);
  return names;
}

/** A name that stands above several columns stands above the first of them, as cells that were merged. */
function joined(rows: readonly HeaderRow[]): string[] {
  const parts = rows.map(({ names }, row) => {
    let above = '';
    return names.map((name) => {
      const text = name.trim();
      if (text !== '') above = text;
      return row < rows.length - 1 ? above : text;
    });
  });
  const width = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: width }, (_, column) =>
    parts
      .map((names) => names[column] ?? '')
      .filter((text) => text !== '')
      .join('_'),
  );
}

const SEP = 'sep=';

/**
 * What a first line such as `sep=;` says, as Excel writes and reads it: null where there is none, `open` when it may be
 * one that is not there to its end yet.
 */
function toldDelimiter(
  text: Buffer,
  { quote, escape: escapeBy }: Dialect,
  begin: number,
  limit: number,
): { readonly delimiter: string; readonly end: number } | 'open' | null {
  const from = afterBom(text);
  const start = text.toString('latin1', from, from + SEP.length).toLowerCase();
  if (start !== SEP.slice(0, start.length)) return null;
  const end = lineEndFrom(text, from, limit);
  if (from >= limit) return text.length === from ? null : 'open';
  const delimiter = text.toString('utf8', from + SEP.length, end);
  if (!/^[^\p{L}\p{N}]$/u.test(delimiter) || delimiter === quote || delimiter === escapeBy) return null;
  return { delimiter, end: Math.max(begin, nextLine(text, end, limit)) };
}
