import { type GuessedDialect, splitRows } from './guess-dialect.ts';

/** A line of a file that has something in it. */
export interface TextLine {
  /** 1 is the first of the file. */
  readonly number: number;
  readonly text: string;
}

/** Lines that are looked at to find out how a file is made. */
const MOST_LINES = 2000;

/** The first lines of a text, without those that have nothing in them. */
export function textLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  const ends = /\r\n|\n|\r/g;
  let number = 1;
  for (let at = 0; at < text.length && lines.length < MOST_LINES; number++) {
    ends.lastIndex = at;
    const end = ends.exec(text);
    const line = text.slice(at, end?.index ?? text.length);
    if (line.trim() !== '') lines.push({ number, text: line });
    at = end === null ? text.length : end.index + end[0].length;
  }
  return lines;
}

/** The cells of one line. */
export function cellsOf(line: string, dialect: GuessedDialect): string[] {
  if (dialect.quote === '' || !line.includes(dialect.quote)) {
    const cells = line.split(dialect.delimiter);
    return dialect.trim ? cells.map((cell) => cell.trim()) : cells;
  }
  return splitRows(line, dialect, 1)[0] ?? [];
}

/** Lines of one row at most; a quote that is closed nowhere among them is a character like others. */
const MOST_JOINED = 50;

/** Rows as lines: those over whose end a quoted cell goes on are one with the next. */
export function joinedLines(lines: readonly TextLine[], dialect: GuessedDialect): TextLine[] {
  if (dialect.quote === '') return [...lines];
  const rows: TextLine[] = [];
  for (let at = 0; at < lines.length; ) {
    const first = lines[at] as TextLine;
    const last = Math.min(lines.length, at + MOST_JOINED);
    let { text } = first;
    let next = at + 1;
    let isOpen = endsInQuotes(text, dialect);
    for (; isOpen && next < last; next++) {
      text += `\n${lines[next]?.text}`;
      isOpen = endsInQuotes(text, dialect);
    }
    rows.push(isOpen ? first : { ...first, text });
    at = isOpen ? at + 1 : next;
  }
  return rows;
}

function endsInQuotes(text: string, { delimiter, quote }: GuessedDialect): boolean {
  for (let at = 0; ; ) {
    if (text.startsWith(quote, at)) {
      at = closingQuote(text, quote, at + 1);
      if (at < 0) return true;
    }
    const end = text.indexOf(delimiter, at);
    if (end < 0) return false;
    at = end + delimiter.length;
  }
}

/** Negative where there is none. */
function closingQuote(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at;
}
