import type { DraftRow } from './draft-rows.ts';
import type { GuessedDialect } from './guess-dialect.ts';
import { isTyped } from './guess-type.ts';
import { cellsOf } from './text-lines.ts';

/** Lines at the end that are no rows. */
export interface FoundFooter {
  readonly rows: number;
  readonly options: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A footer is looked for among so many rows at the end. */
export const MOST_FOOTER_ROWS = 10;

const WORDS =
  /^["'\s*#=-]*(?:(?:grand|sub|net|report|page)[\s-]*)?(?:totals?|sum(?:s|me|ma|a)?|gesamt\w*|summary|counts?|records?|rows?|anzahl|nombre|end|ende|fin|eof|trailer|trl|tlr|footer|average|balance|closing balance|generated|printed|created|produced|exported|report|source|disclaimer|note|copyright|confidential|time(?:finished|started)|saldo|number of)\b/i;
const TOTAL = /\b(?:totals?|gesamt|summe|saldo)\b/i;
const COUNT = /count|rows?\b|records?|anzahl|trailer|trl|lines|zeilen/i;
const CALENDAR =
  /\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
/** Cells that a row of one sum lacks at least. */
const LEAST_LACKING = 3;
const SHOWN = 40;
const LONGEST_PATTERN = 40;
const RULE = /^[-=*_.\s]+$/;

/** How a file ends. */
export interface FileEnd {
  readonly last: readonly DraftRow[];
  /** The text of its end, with all of these rows. */
  readonly tail: string;
  /** Rows of the file. */
  readonly rows: number;
  /** Whether there is something in a column as a rule. */
  readonly isUsual: (column: number) => boolean;
}

/** The footer of a file; null where it has none. */
export function findFooter(end: FileEnd, dialect: GuessedDialect): FoundFooter | null {
  const { last, tail, rows: all } = end;
  let from = last.length;
  while (from > 0 && isOdd(last[from - 1] as DraftRow, end, dialect)) from--;
  from = Math.min(from, otherTable(last));
  const rows = last.length - from;
  if (rows === 0 || rows >= all || rows === MOST_FOOTER_ROWS) return null;
  const first = (last[from] as DraftRow).raw.toString();
  const lines = linesFrom(tail, first);
  const pattern = patternOf(first, all - rows);
  const options = {
    ...((lines > 1 || pattern === null) && { 'footer.lines': String(lines) }),
    ...(pattern !== null && { 'footer.pattern': pattern }),
  };
  return { rows, options, text: footerText(last.slice(from), lines, Object.keys(options)) };
}

function footerText(rows: readonly DraftRow[], lines: number, keys: readonly string[]): string {
  const texts = rows.map(({ raw }) => raw.toString().trim().replaceAll(/\s+/g, ' ').slice(0, SHOWN));
  const shown = texts.find((text) => text !== '') ?? '';
  const [what, otherwise] =
    lines === 1 ? ['the last line is', 'it is a row'] : [`the last ${lines} lines are`, 'they are rows'];
  return `${what} taken for a footer (${shown}); without ${keys.join(' and ')} ${otherwise}`;
}

/** Lines with something in them from one on to the end. */
function linesFrom(tail: string, line: string): number {
  const at = tail.lastIndexOf(line);
  const rest = at < 0 ? line : tail.slice(at);
  return rest.split(/\r\n|\n|\r/).filter((text) => text !== '').length;
}

/** Where rows of another table begin, which has fewer columns and a line with nothing in it before it. */
function otherTable(last: readonly DraftRow[]): number {
  let from = last.length;
  while (from > 0 && last[from - 1]?.rejection?.errorName === 'TooFewCells') from--;
  const [before, first] = [last[from - 1], last[from]];
  const isApart = before !== undefined && first !== undefined && first.line > before.line + 1;
  return isApart && last.length - from > 1 ? from : last.length;
}

/** No row like the others: a word of footers, with less in it than rows have, or a line that is none at all. */
function isOdd(row: DraftRow, end: FileEnd, dialect: GuessedDialect): boolean {
  const { cells, raw, rejection } = row;
  const text = raw.toString().trim();
  if (cells === null) {
    if (!/^(?:TooFewCells|TooManyCells|LineTooShort|LineTooLong)$/.test(rejection?.errorName ?? ''))
      return false;
    const filled = cellsOf(text, dialect).filter((cell) => cell.trim() !== '');
    return text === '' || WORDS.test(text) || RULE.test(text) || (filled.length <= 1 && /[\s:=]/.test(text));
  }
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const [first = ''] = filled;
  const isTold = WORDS.test(first) || TOTAL.test(first) || RULE.test(first);
  const lacking = cells.filter((cell, column) => cell.trim() === '' && end.isUsual(column)).length;
  if (lacking === 0)
    return (
      isTold &&
      isAmongTyped(
        cells.findIndex((cell) => cell.trim() === first),
        row,
        end,
      )
    );
  if (isTold) return true;
  // Nothing but a sum, below rows that have something in each column.
  if (filled.length === 1 && isTyped(first)) return lacking >= LEAST_LACKING && lacking === cells.length - 1;
  return filled.length <= 1 && /[\s:=*]/.test(first);
}

/** Whether a column has numbers or times in the other rows. */
function isAmongTyped(column: number, row: DraftRow, { last }: FileEnd): boolean {
  const others = last.filter((one) => one !== row && one.cells !== null);
  return others.length > 1 && others.every(({ cells }) => isTyped(cells?.[column]?.trim() ?? ''));
}

/** Its first words, with the number of rows if that is said; null where these are another day's tomorrow. */
function patternOf(line: string, rows: number): string | null {
  if (/[{}\r\n]/.test(line)) return null;
  const count = new RegExp(`(?<![\\d.,])${rows}(?![\\d.,]\\d|\\d)`);
  if (COUNT.test(line) && line.split(count).length === 2 && rows > 0) {
    const [before = '', after = ''] = line.split(count);
    const [rest = ''] = /^[^\d]*/.exec(after) ?? [];
    if (!/\d/.test(before))
      return `${before}{rows}${rest === after && after.trim() === '' ? '' : `${rest.trimEnd()}*`}`;
  }
  const words = /^["']?[^\d,;|\t"']*/.exec(line)?.[0].trimEnd().slice(0, LONGEST_PATTERN) ?? '';
  return /\p{L}{3}/u.test(words) && !CALENDAR.test(words) ? `${words}*` : null;
}
