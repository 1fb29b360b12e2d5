import type { ConfigProblem } from '../../src/plugin/index.ts';
import { columnNamesMistake } from '../text/column-names-mistake.ts';
import type { Encoding } from '../text/encoding.ts';
import { recordBytesProblems } from '../text/options.ts';

/** The options of the plugin, as they come. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string | null;
  readonly header: boolean;
  readonly columns: readonly string[];
  readonly skipLines: number;
  readonly comment: string | null;
  readonly encoding: string;
  readonly skipEmptyLines: boolean;
  readonly trim: boolean;
  readonly maxRecordBytes: number;
}

/** How rows are told apart and cells within them. */
export interface Dialect {
  readonly delimiter: string;
  /** null: there is no quoting. */
  readonly quote: string | null;
  readonly escape: string | null;
  /** null: the file has a header. */
  readonly columns: readonly string[] | null;
  readonly skipLines: number;
  readonly comment: Buffer | null;
  readonly encoding: Encoding;
  readonly skipEmptyLines: boolean;
  readonly trim: boolean;
  readonly maxRecordBytes: number;
}

export function dialectFrom(options: CsvOptions): Dialect {
  const quote = options.quote === '' ? null : options.quote;
  return {
    delimiter: delimiterOf(options),
    quote,
    escape: quote === null ? null : (options.escape ?? quote),
    columns: options.header ? null : options.columns,
    skipLines: options.skipLines,
    comment: options.comment ? Buffer.from(options.comment) : null,
    encoding: options.encoding as Encoding,
    skipEmptyLines: options.skipEmptyLines,
    trim: options.trim,
    maxRecordBytes: options.maxRecordBytes,
  };
}

/** Whether a line without a quote is what stands between its delimiters, which are single bytes. */
export function hasPlainLines({ delimiter, trim }: Dialect): boolean {
  return !trim && Buffer.byteLength(delimiter) === 1;
}

function delimiterOf(options: CsvOptions): string {
  return options.delimiter.replaceAll('\\t', '\t');
}

/** What a format cannot find: characters that mean two things, columns missing or named twice. */
export function* dialectProblems(options: CsvOptions): Iterable<ConfigProblem> {
  yield* characterProblems(options);
  yield* columnProblems(options);
  yield* recordBytesProblems(options.maxRecordBytes);
}

function* characterProblems(options: CsvOptions): Iterable<ConfigProblem> {
  const { quote, comment } = options;
  const delimiter = delimiterOf(options);
  const escapeBy = options.escape ?? quote;
  if (delimiter === '') yield { key: 'delimiter', message: 'expected at least one character, got nothing' };
  if (quote !== '' && !isOneAscii(quote)) yield notOneCharacter('quote', quote);
  if (options.escape !== null && !isOneAscii(options.escape)) yield notOneCharacter('escape', options.escape);
  for (const [key, text] of [
    ['delimiter', delimiter],
    ['comment', comment ?? ''],
  ] as const) {
    if (/[\r\n]/.test(text)) yield { key, message: 'must not hold a line end, which ends a row' };
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

function* columnProblems({ header, columns }: CsvOptions): Iterable<ConfigProblem> {
  if (!header && columns.length === 0) {
    yield { key: 'columns', message: 'is required when header is false: the names of the columns, in order' };
  }
  if (header && columns.length > 0) {
    yield { key: 'columns', message: 'only goes with header: false; a header names the columns itself' };
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
