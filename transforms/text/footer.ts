import type { ConfigProblem } from '../../src/plugin/index.ts';
import { LinePattern } from '../../src/values/line-pattern.ts';
import { CR, LF, lineEndFrom, nextLine } from './lines.ts';
import { malformed } from './malformed.ts';

/** For formats whose files may end with lines that are no rows. */
export const footerOptions = {
  footerLines: {
    doc: `Lines at the end of the file that are no rows, such as totals; lines with nothing in them do not count. With \
\`footer.pattern\`: so many at most, 1 unless it is set.`,
    format: 'nat',
    default: null,
  },
  footerPattern: {
    doc: `How the footer begins: the first of the last \`footer.lines\` that is as this says, in which {rows} stands for \
the number of data rows and * for anything: "TOTAL,{rows}*". A file without a footer, or with another number of rows, is given \
up at its end.`,
    format: 'string',
    default: null,
  },
} as const;

interface FooterValues {
  readonly footerLines: number | null;
  readonly footerPattern: string | null;
}

/** The end of a file that is no row. */
export interface Footer {
  /** So many lines, or at most so many where there is a pattern for the first of them. */
  readonly lines: number;
  readonly pattern: LinePattern | null;
}

export function footerFrom({ footerLines, footerPattern }: FooterValues): Footer | null {
  const lines = footerLines ?? (footerPattern === null ? 0 : 1);
  return lines === 0
    ? null
    : { lines, pattern: footerPattern === null ? null : new LinePattern(footerPattern) };
}

export function* footerProblems({ footerLines, footerPattern }: FooterValues): Iterable<ConfigProblem> {
  if (footerPattern === null) return;
  const problem = (message: string) => ({ key: 'footer.pattern', message });
  if (footerPattern === '') yield problem('expected what the footer begins with, got nothing');
  if (footerLines === 0) yield problem('does not go with footer.lines: 0, by which there is no footer');
  if (LinePattern.counts(footerPattern) > 1)
    yield problem(`expected {rows} once at most, got ${JSON.stringify(footerPattern)}`);
}

/** Where the lines begin that may be the footer if the file ends with this text; not before `from`. */
export function lastLines(text: Buffer, from: number, lines: number): number {
  let begin = text.length;
  for (let seen = 0; seen < lines; seen++) {
    let end = begin;
    while (end > from && isLineEnd(text[end - 1])) end--;
    if (end === from) return begin;
    begin = end;
    while (begin > from && !isLineEnd(text[begin - 1])) begin--;
  }
  return begin;
}

/** A footer that was found. */
export interface FoundFooter {
  readonly begin: number;
  /** Rows that it says there are. */
  readonly rows: number | null;
}

/** The footer of a text that is the end of a file. @throws HeadraceError SOURCE_MALFORMED where there is none */
export function footerOf(text: Buffer, from: number, { lines, pattern }: Footer, path: string): FoundFooter {
  const begin = lastLines(text, from, lines);
  if (pattern === null) return { begin, rows: null };
  for (let at = begin; at < text.length; ) {
    const end = lineEndFrom(text, at, text.length);
    const rows = pattern.rowsIn(text.toString('utf8', at, end));
    if (rows !== false) return { begin: at, rows };
    at = nextLine(text, end, text.length);
  }
  const where = lines === 1 ? 'its last line' : `one of its last ${lines} lines`;
  throw malformed(
    path,
    `expected ${where} to be as footer.pattern says, ${JSON.stringify(pattern.text)}, and none is; have the file sent whole`,
  );
}

/** What is wrong where a footer says that there are more or fewer rows than there are; otherwise null. */
export function miscount({ rows }: FoundFooter, got: number, path: string): Error | null {
  if (rows === null || rows === got) return null;
  return malformed(
    path,
    `its footer says ${rows} rows, and it has ${got}. Have the file sent again; only with transaction.boundary: file ` +
      'nothing of such a file is delivered.',
  );
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
