import { commentsOf } from './comment-lines.ts';
import { fixedLayout, isRuler, usableNames } from './fixed-layout.ts';
import {
  type GuessedDelimiter,
  type GuessedDialect,
  guessDelimiter,
  guessQuote,
  oddDelimiter,
} from './guess-dialect.ts';
import { type FoundHeader, findHeader } from './header-lines.ts';
import { sectionOf } from './section-lines.ts';
import { cellsOf, joinedLines, type TextLine, textLines } from './text-lines.ts';

/** What was taken for granted of a file, and the options of its parser that would say otherwise. */
export interface LayoutDoubt {
  readonly text: string;
  readonly change: Readonly<Record<string, string>>;
}

/** How the rows of a file of text are told apart, and their cells. */
export interface Layout extends GuessedDialect {
  readonly parser: 'csv' | 'fixed-width' | 'lines';
  /** Those of the parser, as a feed has them. */
  readonly options: Readonly<Record<string, string>>;
  readonly header: boolean;
  /** Of the columns, where the options name them; null where the header does. */
  readonly names: readonly string[] | null;
  /** The header's names cannot be used as they are: some are missing or come twice. */
  readonly renamed: boolean;
  /** Columns without a name. */
  readonly drops: readonly string[];
  readonly doubts: readonly LayoutDoubt[];
}

export function withOptions(layout: Layout, options: Readonly<Record<string, string>>): Layout {
  return { ...layout, options: { ...layout.options, ...options } };
}

const SHOWN = 40;
const LEAST_SHARE = 0.5;
const LEAST_ROWS = 3;
/** Lines of so many words each, no more and no less, have columns. */
const LEAST_WORDS = 6;
/** A line of so many words is a sentence, or an entry of a log. */
const WORDS_OF_TEXT = 4;

/** How a text is made, by its first lines; null where there is none. */
export function guessLayout(text: string): Layout | null {
  const all = textLines(text);
  const told = toldDelimiter(all[0]?.text ?? '');
  const lines = told === null ? all : all.slice(1);
  if (lines.length === 0) return null;
  if (isJson(text)) return linesLayout(JSON_TEXT);
  const comments = commentsOf(lines, told);
  const rows = lines.filter(({ text }) => !comments.some((marker) => text.startsWith(marker)));
  const found = guessDelimiter(rows.map((line) => line.text).join('\n'));
  const delimiter =
    told ?? (isDelimited(found, rows) ? found.delimiter : oddDelimiter(rows.map(({ text }) => text)));
  if (delimiter === null)
    return (
      fixedLayout(lines.some(isRuler) ? lines : rows) ??
      spacedLayout(lines, rows, comments) ??
      plainLayout(rows)
    );
  const quote = guessQuote(rows.map((line) => line.text).join('\n'));
  const dialect = { delimiter, quote, trim: false };
  const whole = joinedLines(lines, dialect);
  // What lines of cells begin with is no comment, and would pass over rows that begin so.
  const marks = comments.filter((marker) => whole.some(({ text }) => text.startsWith(marker)));
  const isRow = ({ text }: TextLine) => !marks.some((marker) => text.startsWith(marker));
  return delimitedLayout(lines, whole.filter(isRow), dialect, marks, told !== null);
}

const JSON_TEXT =
  "it is JSON, and no JSON lines, which `jq -c '.[]'` would make of a list: each line is a row of one cell";

/** A list of objects, or an object over several lines. */
export function isJson(text: string): boolean {
  return /^\s*(?:\[\s*[[{]|\{\s*(?:"|\}))/.test(text);
}

/** Most rows, or some that have many cells: the others are titles. */
function isDelimited({ width, share }: GuessedDelimiter, { length }: readonly TextLine[]): boolean {
  if (share >= LEAST_SHARE) return width > 1;
  return width > 2 && (share * length >= LEAST_ROWS || (width > 3 && share >= LEAST_SHARE / 3));
}

/** What a first line such as `sep=;` says. */
function toldDelimiter(line: string): string | null {
  return /^sep=([^\p{L}\p{N}])$/iu.exec(line)?.[1] ?? null;
}

function delimitedLayout(
  lines: readonly TextLine[],
  rows: readonly TextLine[],
  given: GuessedDialect,
  comments: readonly string[],
  isTold: boolean,
): Layout | null {
  const section = sectionOf(rows, given);
  const own = section === null ? rows : rows.filter(({ text }) => cellsOf(text, given)[0] === section.name);
  const found = findHeader(own, lines, given, comments);
  if (found === null) return null;
  const dialect = { ...given, trim: isPadded(found.cells) };
  const options: Record<string, string> = {};
  if (given.delimiter !== ',' && !isTold) options.delimiter = given.delimiter;
  if (given.quote !== '"') options.quote = given.quote;
  if (dialect.trim) options.trim = 'true';
  if (section !== null) options.section = section.name;
  const marks = found.isComment ? comments.filter((marker) => !found.line.text.startsWith(marker)) : comments;
  if (marks.length > 0) options.comment = marks.join(', ');
  const named = nameOptions(found, section !== null);
  if (found.isRepeated) named['skip.repeated.headers'] = 'true';
  const doubts = [...(section?.doubts ?? []), ...titleDoubts(found, own, section !== null), ...found.doubts];
  return {
    ...{ parser: 'csv', ...dialect, options: { ...options, ...named }, doubts },
    ...{ header: found.isHeader, names: named.columns?.split(',') ?? null },
    renamed: found.isHeader && named.columns !== undefined,
    drops: found.isHeader
      ? usableNames(found.names).filter((_, index) => found.names[index]?.trim() === '')
      : [],
  };
}

/** Lines before the header that are passed over. */
function titleDoubts(
  { passed, line, isPlain }: FoundHeader,
  rows: readonly TextLine[],
  isSection: boolean,
): LayoutDoubt[] {
  const [first] = rows;
  const isNamed = !isPlain && rows.findIndex(({ number }) => number === line.number) < 2;
  if (passed === 0 || isSection || isNamed || first === undefined) return [];
  const shown = first.text.trim().slice(0, SHOWN);
  const lines = passed === 1 ? 'line 1 is' : `the first ${passed} lines are`;
  return [{ text: `${lines} passed over (${shown})`, change: {} }];
}

/** How the header is found, or what stands in its place. */
function nameOptions(found: FoundHeader, isSection: boolean): Record<string, string> {
  const { isHeader, isPlain, names, passed, line, rows } = found;
  const usable = usableNames(names);
  const isUsable = usable.every((name, index) => name === names[index]?.trim());
  if (isHeader && isPlain) {
    const last = rows > 1 ? `-${line.number + rows - 1}` : '';
    const place: Record<string, string> =
      (passed > 0 && !isSection) || rows > 1 ? { 'header.row': `${line.number}${last}` } : {};
    return isUsable ? place : { ...place, columns: usable.join(',') };
  }
  const skip: Record<string, string> = passed > 0 && !isSection ? { 'skip.lines': String(passed) } : {};
  return { header: 'false', ...skip, columns: usable.join(',') };
}

function isPadded(cells: readonly string[]): boolean {
  return cells.some((cell) => cell.trim() !== cell && cell.trim() !== '');
}

/** Words with single blanks between them, as web servers log; a line of comment names the columns. */
function spacedLayout(
  lines: readonly TextLine[],
  rows: readonly TextLine[],
  comments: readonly string[],
): Layout | null {
  const { width, share } = guessDelimiter(rows.map(({ text }) => text).join('\n'), [' ']);
  const names = lines
    .filter(({ text }) => comments.some((marker) => text.startsWith(marker)))
    .map(({ text }) => text.replace(/^\W*(?:Fields:)?\s*/i, '').split(' '))
    .find((words) => words.length === width && new Set(words).size === width);
  if (
    share < 1 ||
    width < (names === undefined ? LEAST_WORDS : 3) ||
    (names === undefined && rows.length < LEAST_ROWS)
  )
    return null;
  const used = usableNames(names ?? Array.from({ length: width }, () => ''));
  const options = {
    ...{ delimiter: ' ', header: 'false', columns: used.join(',') },
    ...(comments.length > 0 && { comment: comments.join(', ') }),
  };
  return {
    ...{ parser: 'csv', delimiter: ' ', quote: '"', trim: false, options, header: false, renamed: false },
    ...{ names: used, drops: [], doubts: [] },
  };
}

/** One column, or lines of text. */
function plainLayout(rows: readonly TextLine[]): Layout | null {
  const texts = rows.filter(({ text }) => text.trim().split(/\s+/).length >= WORDS_OF_TEXT).length;
  if (texts * 2 < rows.length || rows.length === 0) {
    const found = findHeader(rows, rows, { delimiter: ',', quote: '"', trim: false }, []);
    if (
      found === null ||
      rows.some(({ text }) => cellsOf(text, { delimiter: ',', quote: '"', trim: false }).length > 1)
    )
      return found === null ? null : linesLayout();
    const named = nameOptions(found, false);
    return {
      ...{ parser: 'csv', delimiter: ',', quote: '"', trim: false, options: named, doubts: found.doubts },
      ...{ header: found.isHeader, names: named.columns?.split(',') ?? null, renamed: false, drops: [] },
    };
  }
  return linesLayout();
}

/** Each line as a row of one cell. */
export function linesLayout(text = 'no cells were found in it: each line is a row of one'): Layout {
  return {
    ...{ parser: 'lines', delimiter: '', quote: '', trim: false, options: {}, header: false, renamed: false },
    ...{ names: ['line'], drops: [] },
    doubts: [{ text, change: { type: 'csv' } }],
  };
}
