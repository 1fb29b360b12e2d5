import { parse } from 'csv-parse/sync';
import { DELIMITERS } from '../../values/known-formats.ts';

/** How rows and cells are told apart. */
export interface GuessedDialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Cells have white space around them that means nothing. */
  readonly trim: boolean;
}

/** A delimiter, and how well it fits. */
export interface GuessedDelimiter {
  readonly delimiter: string;
  /** Cells that most rows have. */
  readonly width: number;
  /** Of all rows, those that have so many. */
  readonly share: number;
}

const ROWS_TO_COMPARE = 300;
/** Those of programs that fear the usual ones in their texts; of several characters before their parts. */
const RARE = [
  ...['\t\t', '||', '~|~', '|~|', '#|#', '@|@', '^|^', '|^|', '^^', '~~', ';;', '::', '=>'],
  ...['~', '^', '\u0001', '\u001f', '\u001e', '\u0014', '¦', '¬', '§', 'þ'],
];
const CHARACTERS_OF_ONE = 1;

/** The best of some delimiters; a width of 1 where there is none. */
export function guessDelimiter(
  text: string,
  delimiters: readonly string[] = [...DELIMITERS, ...RARE],
): GuessedDelimiter {
  const quote = guessQuote(text);
  let best: GuessedDelimiter = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of delimiters) {
    const isPart = best.delimiter.length > CHARACTERS_OF_ONE && isAllOf(delimiter, best.delimiter, text);
    if (!text.includes(delimiter) || isPart) continue;
    const rows = splitRows(text, { delimiter, quote, trim: false }, ROWS_TO_COMPARE);
    const { width, share } = widthOfRows(rows);
    if (width === 1) continue;
    const isLonger = delimiter.length > CHARACTERS_OF_ONE && isAllOf(best.delimiter, delimiter, text);
    if (isLonger ? share >= best.share : isBetter({ delimiter, share, width }, best))
      best = { delimiter, share, width };
  }
  return { ...best, delimiter: best.width > 1 ? withNeighbours(best.delimiter, text) : best.delimiter };
}

/** What may be a part of a delimiter, and is hardly ever the beginning or end of all cells. */
const PARTS = /[|;,~^:@#!&*%=<>]/;

/** A delimiter with what stands beside it each time: `;|` where each semicolon has a bar behind it. */
function withNeighbours(delimiter: string, text: string): string {
  const at = text.indexOf(delimiter);
  const [before = '', behind = ''] = [text[at - 1], text[at + delimiter.length]];
  const longer = [delimiter + behind, before + delimiter].find(
    (one) =>
      one.length > delimiter.length &&
      PARTS.test(one.replace(delimiter, '')) &&
      isAllOf(delimiter, one, text),
  );
  return longer === undefined ? delimiter : withNeighbours(longer, text);
}

/** Characters of names and numbers, blanks, quotes, and what paths and dates have in them. */
const NO_DELIMITER = /[\p{L}\p{N}\s"'_.\-/\\()[\]{}]/u;
const NAME = /^[\p{L}_][\p{L}\p{N}_ .-]*$/u;
const LEAST_NAMES = 3;

/** A character that nobody would expect, by which a header has names and all rows are as wide; null where there is none. */
export function oddDelimiter(lines: readonly string[]): string | null {
  const [header = '', ...rows] = lines;
  const isOdd = (one: string) => {
    const names = header.split(one);
    return (
      names.length >= LEAST_NAMES &&
      names.every((name) => NAME.test(name)) &&
      rows.every((row) => row.split(one).length === names.length)
    );
  };
  const candidates = [...new Set(header)].filter((one) => !NO_DELIMITER.test(one));
  return rows.length === 0 ? null : (candidates.find(isOdd) ?? null);
}

function isBetter(one: GuessedDelimiter, other: GuessedDelimiter): boolean {
  return one.share > other.share || (one.share === other.share && one.width > other.width);
}

/** Whether a character stands nowhere but in the longer delimiter. */
function isAllOf(character: string, longer: string, text: string): boolean {
  const count = (part: string) => text.split(part).length - 1;
  return (
    longer.includes(character) && count(character) === count(longer) * (longer.split(character).length - 1)
  );
}

/** Rows of cells, as many as could be told apart. */
export function splitRows(
  text: string,
  { delimiter, quote, trim }: GuessedDialect,
  count: number,
): string[][] {
  return parse(text, {
    delimiter,
    quote: quote === '' ? false : quote,
    trim,
    bom: true,
    to: count,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
}

/** The width of more than one cell that rows have as a rule, and the share of rows that have it; 1 where none has. */
export function widthOfRows(rows: readonly (readonly string[])[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
  // A few wide rows are more than as many lines of a title with one delimiter in each.
  const weight = ([width, count]: [number, number]) => (count - 0.9) * Math.log2(width);
  const [width = 1, count = 0] = [...counts].sort((one, other) => weight(other) - weight(one))[0] ?? [];
  return { width, share: rows.length === 0 ? 0 : count / rows.length };
}

export function guessQuote(text: string): string {
  const cells = (quote: string) =>
    text.match(new RegExp(`(?<=^|[,;\\t|])${quote}[^${quote}\\r\\n]*${quote}(?=[,;\\t|]|\\r?$)`, 'gm'))
      ?.length ?? 0;
  return cells("'") > cells('"') ? "'" : '"';
}
