import type { ConfigProblem } from '../../src/plugin/index.ts';
import { columnNamesMistake } from '../text/column-names-mistake.ts';
import type { ControlCharacters } from '../text/control-characters.ts';
import type { EncodingOption } from '../text/encoding.ts';
import { type Footer, footerFrom, footerProblems } from '../text/footer.ts';
import type { LineEnd } from '../text/line-ends.ts';
import { commentProblems, markers, recordBytesProblems } from '../text/options.ts';
import type { LinesToPass, Section } from '../text/passed-over.ts';
import type { QuotedEmpty } from '../text/quoted-empty.ts';

/** The options of the plugin, as they come. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string | null;
  readonly header: boolean;
  readonly headerRow: string | null;
  readonly columns: readonly string[];
  readonly skipLines: number;
  readonly skipRepeatedHeaders: boolean;
  readonly comment: readonly string[];
  readonly section: readonly string[];
  readonly controlCharacters: ControlCharacters;
  readonly footerLines: number | null;
  readonly footerPattern: string | null;
  readonly encoding: string;
  readonly skipEmptyLines: boolean;
  readonly skipEmptyRows: boolean;
  readonly shortRows: 'reject' | 'fill';
  readonly trim: boolean;
  readonly trimLeft: boolean;
  readonly trimRight: boolean;
  readonly relaxQuotes: boolean;
  readonly quotedEmpty: QuotedEmpty;
  readonly lineEnd: LineEnd;
  readonly maxRecordBytes: number;
}

/** How rows are told apart and cells within them. */
export interface Dialect extends LinesToPass {
  readonly delimiter: string;
  /** null: there is no quoting. */
  readonly quote: string | null;
  readonly escape: string | null;
  /** Rows that the header has; 0: there is none. */
  readonly headerRows: number;
  /** null: the header tells them. */
  readonly columns: readonly string[] | null;
  readonly skipLines: number;
  readonly skipRepeatedHeaders: boolean;
  readonly shortRows: 'reject' | 'fill';
  /** Its section, in a file whose cells have this between them. */
  readonly sectionBy: (delimiter: string) => Section | null;
  readonly encoding: EncodingOption;
  readonly controlCharacters: ControlCharacters;
  readonly footer: Footer | null;
  /** White space goes from the ends of cells; from their beginnings with `trim`. */
  readonly trimRight: boolean;
  /** A quote within a cell that is not in quotes is text. */
  readonly relaxQuotes: boolean;
  readonly quotedEmpty: QuotedEmpty;
  readonly lineEnd: LineEnd;
  readonly maxRecordBytes: number;
}

export function dialectFrom(options: CsvOptions): Dialect {
  const quote = options.quote === '' ? null : options.quote;
  const { line, rows } = headerPlace(options.headerRow ?? '1') as HeaderPlace;
  return {
    delimiter: delimiterOf(options),
    quote,
    escape: quote === null ? null : (options.escape ?? quote),
    headerRows: options.header ? rows : 0,
    columns: options.columns.length > 0 ? options.columns : null,
    skipLines: options.headerRow === null ? options.skipLines : line - 1,
    skipRepeatedHeaders: options.skipRepeatedHeaders,
    headers: [],
    comments: markers(options.comment),
    section: sectionFrom(options, delimiterOf(options)),
    sectionBy: (delimiter) => sectionFrom(options, delimiter),
    controlCharacters: options.controlCharacters,
    footer: footerFrom(options),
    encoding: options.encoding as EncodingOption,
    skipEmptyLines: options.skipEmptyLines,
    emptyRowsOf: options.skipEmptyRows ? Buffer.from(delimiterOf(options)) : null,
    shortRows: options.shortRows,
    trim: options.trim || options.trimLeft,
    trimRight: options.trim || options.trimRight,
    relaxQuotes: options.relaxQuotes,
    quotedEmpty: options.quotedEmpty,
    lineEnd: options.lineEnd,
    maxRecordBytes: options.maxRecordBytes,
  };
}

function sectionFrom({ section, quote }: CsvOptions, delimiter: string): Section | null {
  if (section.length === 0) return null;
  const texts = section.flatMap((text) => beginnings(text.split(BETWEEN_CELLS), quote, delimiter));
  return { begins: markers(texts), end: Buffer.from(delimiter) };
}

/** Between the first cells of a section, as an item of a list cannot hold a comma. */
const BETWEEN_CELLS = / +\+ +/;

/** How lines begin whose first cells are these, each of them in quotes or not. */
function beginnings(cells: readonly string[], quote: string, delimiter: string): readonly string[] {
  const [first = '', ...others] = cells;
  const own = quote === '' ? [first] : [first, `${quote}${first}${quote}`];
  if (others.length === 0) return own;
  const behind = beginnings(others, quote, delimiter);
  return own.flatMap((cell) => behind.map((rest) => cell + delimiter + rest));
}

interface HeaderPlace {
  readonly line: number;
  readonly rows: number;
}

/** Of `3` or `3-4`; null for what is no place. */
function headerPlace(text: string): HeaderPlace | null {
  const match = /^([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?$/.exec(text);
  if (match === null) return null;
  const line = Number(match[1]);
  const last = Number(match[2] ?? line);
  return last < line ? null : { line, rows: last - line + 1 };
}

/** Whether a line without a quote is what stands between its delimiters, which are single bytes. */
export function hasPlainLines({ delimiter, trim, trimRight }: Dialect): boolean {
  return !trim && !trimRight && Buffer.byteLength(delimiter) === 1;
}

function delimiterOf(options: CsvOptions): string {
  return options.delimiter.replaceAll('\\t', '\t');
}

/** What a format cannot find: characters that mean two things, columns missing or named twice. */
export function* dialectProblems(options: CsvOptions): Iterable<ConfigProblem> {
  yield* characterProblems(options);
  yield* headerProblems(options);
  yield* columnProblems(options);
  yield* commentProblems(options.comment);
  yield* footerProblems(options);
  yield* recordBytesProblems(options.maxRecordBytes);
}

function* characterProblems(options: CsvOptions): Iterable<ConfigProblem> {
  const { quote } = options;
  const delimiter = delimiterOf(options);
  const escapeBy = options.escape ?? quote;
  if (delimiter === '') yield { key: 'delimiter', message: 'expected at least one character, got nothing' };
  if (/[\r\n]/.test(delimiter))
    yield { key: 'delimiter', message: 'must not hold a line end, which ends a row' };
  if (quote !== '' && !isOneAscii(quote)) yield notOneCharacter('quote', quote);
  if (options.escape !== null && !isOneAscii(options.escape)) yield notOneCharacter('escape', options.escape);
  for (const [key, text] of [
    ['delimiter', delimiter],
    ...options.comment.map((marker) => ['comment', marker] as const),
  ] as const) {
    if (escapeBy !== '' && escapeBy !== quote && text.includes(escapeBy)) {
      yield { key, message: `must not hold the escape ${escapeBy}; set escape to another character` };
    }
    if (quote !== '' && text.includes(quote)) {
      yield {
        key,
        message: `must not hold the quote ${quote}; set quote to another character, or to nothing`,
      };
    }
  }
}

function* headerProblems({ header, headerRow, skipLines }: CsvOptions): Iterable<ConfigProblem> {
  if (headerRow === null) return;
  const problem = (message: string) => ({ key: 'header.row', message });
  if (headerPlace(headerRow) === null) {
    const got = JSON.stringify(headerRow);
    yield problem(`expected the line of the header, or its first and last: 3, or 3-4; got ${got}`);
  }
  if (!header) yield problem('does not go with header: false; skip.lines passes over lines before the rows');
  if (skipLines > 0) yield problem('does not go with skip.lines; lines before the header are passed over');
}

function* columnProblems({ header, columns }: CsvOptions): Iterable<ConfigProblem> {
  if (!header && columns.length === 0) {
    yield { key: 'columns', message: 'is required when header is false: the names of the columns, in order' };
  }
  const bad = columnNamesMistake(columns);
  if (bad !== null) yield { key: 'columns', message: bad };
}

function isOneAscii(text: string): boolean {
  return /^[\x20-\x7e\t]$/.test(text);
}

function notOneCharacter(key: string, got: string): ConfigProblem {
  return { key, message: `expected one ASCII character, got ${JSON.stringify(got)}` };
}
