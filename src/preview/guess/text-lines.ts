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
