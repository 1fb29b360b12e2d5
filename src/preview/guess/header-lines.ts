import { type GuessedDialect, widthOfRows } from './guess-dialect.ts';
import { isTyped } from './guess-type.ts';
import { isLikelyNullWord } from './null-words.ts';
import type { LayoutDoubt } from './text-layout.ts';
import { cellsOf, type TextLine } from './text-lines.ts';

/** Where the columns of a file have their names from, and where its rows begin. */
export interface FoundHeader {
  readonly isHeader: boolean;
  /** The parser finds it by itself: it has as many cells as the rows. */
  readonly isPlain: boolean;
  /** It stands in a comment. */
  readonly isComment: boolean;
  readonly isRepeated: boolean;
  readonly names: readonly string[];
  /** The header's, or the first row's. */
  readonly line: TextLine;
  readonly cells: readonly string[];
  /** Rows that it has. */
  readonly rows: 1 | 2;
  /** Lines of the file that are passed over before it, where there is more than comments among them. */
  readonly passed: number;
  readonly doubts: readonly LayoutDoubt[];
}

type Cells = readonly string[];

const ROWS = 400;
const NO_DOUBTS: readonly LayoutDoubt[] = [];

/** The header of rows, behind titles perhaps; null where there are no rows. */
export function findHeader(
  rows: readonly TextLine[],
  lines: readonly TextLine[],
  dialect: GuessedDialect,
  comments: readonly string[],
): FoundHeader | null {
  const table = rows.slice(0, ROWS).map(({ text }) => cellsOf(text, dialect));
  const { width } = widthOfRows(table);
  const start = table.findIndex((cells) => isFull(cells, width, table));
  if (start < 0) return null;
  const at = start + groupRows(table, start, width);
  const body = table.slice(at + 1).filter((cells) => cells.length === width);
  const [line, cells] = [rows[at] as TextLine, table[at] as Cells];
  const base = { line, cells, isComment: false, isRepeated: false, rows: 1, doubts: NO_DOUBTS } as const;
  const passed = at > 0 ? line.number - 1 : 0;
  const isRepeated = rows.filter(({ text }) => text === line.text).length > 1;
  if (isHeader(cells, body)) {
    const doubts = isTypedBody(body) || passed > 0 ? NO_DOUBTS : [headerDoubt(line, cells)];
    const found = { ...base, isHeader: true, isPlain: true, names: cells, passed, isRepeated, doubts };
    return withGroups(found, rows, table, at, width) ?? withSecondRow(found, rows, table, at, width);
  }
  const named = oddHeader(rows, table, at, width) ?? commentHeader(lines, line, dialect, comments, width);
  if (named !== null) {
    const { names, isComment } = named;
    return { ...base, isHeader: true, isPlain: false, isComment, names, passed };
  }
  const names = fieldList(lines, line, cells) ?? cells.map(() => '');
  return { ...base, isHeader: false, isPlain: true, names, passed };
}

function filled(cells: Cells): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

/** Titles that a spreadsheet has written have as many delimiters as rows, and little between them. */
function isFull(cells: Cells, width: number, table: readonly Cells[]): boolean {
  if (cells.length !== width) return false;
  const sizes = table
    .filter(({ length }) => length === width)
    .map(filled)
    .sort((one, other) => one - other);
  const usual = sizes[Math.floor(sizes.length * 0.75)] ?? 1;
  return filled(cells) >= Math.max(1, Math.ceil(usual / 2));
}

/** 1 where the first row has names above those of the second, which need none above them. */
function groupRows(table: readonly Cells[], start: number, width: number): 0 | 1 {
  const [first, second] = [table[start] as Cells, table[start + 1]];
  if (second === undefined || second.length !== width || filled(first) === width) return 0;
  const isBelow = filled(second) > filled(first) && !second.some((cell) => isTyped(cell.trim()));
  return isBelow && !first.some((cell) => isTyped(cell.trim())) && isDistinct(second) ? 1 : 0;
}

function isDistinct(names: Cells): boolean {
  const given = names.map((name) => name.trim()).filter((name) => name !== '');
  return new Set(given).size === given.length;
}

/** Names are text above something that is not, or at least all different and not to be met again. */
function isHeader(first: Cells, body: readonly Cells[]): boolean {
  const typed = first.filter((cell) => isTyped(cell.trim())).length;
  if (typed > 0) return isYears(first) && typed < first.length;
  if (first.every((cell) => cell.trim() === '')) return false;
  const areNames = filled(first) >= first.length - 1 && isDistinct(first);
  const isTable = body.some((row) => row.some((cell) => isTyped(cell.trim())));
  if (!isTable && body.some((row) => row.some((cell, column) => cell !== '' && cell === first[column])))
    return false;
  return areNames || isTable;
}

function isTypedBody(body: readonly Cells[]): boolean {
  return body.some((row) => row.some((cell) => isTyped(cell.trim())));
}

/** Columns for years, months or numbers in order: `Currency,2026,2027,2028`. */
function isYears(first: Cells): boolean {
  const numbers = first.map((cell) => cell.trim()).filter(isTyped);
  return (
    numbers.length >= 2 &&
    numbers.every((cell) => /^(?:19|20)\d\d$/.test(cell)) &&
    numbers.every((cell, index) => index === 0 || Number(cell) === Number(numbers[index - 1]) + 1)
  );
}

function headerDoubt(line: TextLine, cells: Cells): LayoutDoubt {
  const columns = cells.map((_, index) => `column_${index + 1}`).join(',');
  return {
    text: `line ${line.number} is taken for the names of the columns`,
    change: { header: 'false', columns },
  };
}

/** Names that come twice, below others that tell them apart. */
function withGroups(
  found: FoundHeader,
  rows: readonly TextLine[],
  table: readonly Cells[],
  at: number,
  width: number,
): FoundHeader | null {
  const [above, line] = [table[at - 1], rows[at - 1]];
  if (above === undefined || line === undefined || isDistinct(found.cells)) return null;
  const isAbove = above.length === width && line.number === found.line.number - 1 && filled(above) > 1;
  if (!isAbove || above.some((cell) => isTyped(cell.trim()))) return null;
  const passed = at > 1 ? line.number - 1 : 0;
  return { ...found, line, rows: 2, passed, names: joined(above, found.cells) };
}

/** Units below the names belong to the header. */
function withSecondRow(
  found: FoundHeader,
  rows: readonly TextLine[],
  table: readonly Cells[],
  at: number,
  width: number,
): FoundHeader {
  const second = table[at + 1];
  const isNext = second?.length === width && rows[at + 1]?.number === found.line.number + 1;
  if (second === undefined || !isNext) return found;
  const body = table.slice(at + 2).filter(({ length }) => length === width);
  if (body.length < 2 || second.some((cell) => isTyped(cell.trim()) || isLikelyNullWord(cell.trim())))
    return found;
  const typed = second.map(
    (_, column) => body.filter((row) => isTyped(row[column]?.trim() ?? '')).length * 2 > body.length,
  );
  const units = second.filter((cell, column) => typed[column] && cell.trim() !== '').length;
  if (units === 0 || typed.filter(Boolean).length < 2) return found;
  const names = joined(found.cells, second);
  const { line } = found;
  const text = `lines ${line.number} and ${line.number + 1} are taken for the names of the columns together`;
  return { ...found, rows: 2, names, doubts: [{ text, change: { 'header.row': String(line.number) } }] };
}

/** As the parser joins them. */
function joined(first: Cells, second: Cells): string[] {
  let above = '';
  return second.map((cell, index) => {
    above = first[index]?.trim() || above;
    return [above, cell.trim()].filter((name) => name !== '').join('_');
  });
}

interface OtherHeader {
  readonly names: Cells;
  readonly isComment: boolean;
}

/** A line of names above the rows that has a cell more or less: a delimiter too many, or numbers of rows without a name. */
function oddHeader(
  rows: readonly TextLine[],
  table: readonly Cells[],
  at: number,
  width: number,
): OtherHeader | null {
  const names = table[at - 1];
  if (names === undefined || rows[at - 1] === undefined || names.length < 2) return null;
  if (Math.abs(names.length - width) !== 1 || names.some((name) => isTyped(name.trim()))) return null;
  if (names.length > width) {
    if (names.at(-1)?.trim() !== '') return null;
    return isDistinct(names) ? { names: names.slice(0, -1), isComment: false } : null;
  }
  if (filled(names) < names.length || !isDistinct(names)) return null;
  const isOpen = table.slice(at).every((cells) => cells.length !== width || cells.at(-1)?.trim() === '');
  return { names: isOpen ? [...names, ''] : ['', ...names], isComment: false };
}

/** The last comment before the rows that has as many words as they have cells. */
function commentHeader(
  lines: readonly TextLine[],
  first: TextLine,
  dialect: GuessedDialect,
  comments: readonly string[],
  width: number,
): OtherHeader | null {
  if (width === 1) return null;
  for (const { text, number } of lines.toReversed()) {
    const marker = number < first.number ? comments.find((one) => text.startsWith(one)) : undefined;
    if (marker === undefined) continue;
    const names = cellsOf(text.slice(marker.length).replace(/^\W*(?:Fields:)?\s*/i, ''), dialect);
    const areNames = names.length === width && isDistinct(names) && filled(names) === width;
    if (areNames && !names.some((name) => isTyped(name.trim())))
      return { names: names.map((name) => name.trim()), isComment: true };
  }
  return null;
}

/** What stands before the fields in a row of such a file. */
const BEFORE_FIELDS = ['security', 'return_code', 'field_count'];

/** The fields that a file of Bloomberg's kind lists before its rows, one a line. */
function fieldList(lines: readonly TextLine[], first: TextLine, cells: Cells): Cells | null {
  const from = lines.findIndex(({ text }) => text.trim() === 'START-OF-FIELDS');
  const to = lines.findIndex(({ text }) => text.trim() === 'END-OF-FIELDS');
  if (from < 0 || to < from || (lines[to] as TextLine).number > first.number) return null;
  const fields = lines
    .slice(from + 1, to)
    .map(({ text }) => text.trim())
    .filter((text) => !text.startsWith('#'));
  const names = [...BEFORE_FIELDS, ...fields];
  const rest = cells.length - names.length;
  if (rest === 0 || rest === 1) return [...names, ''].slice(0, cells.length);
  return cells.length === fields.length ? fields : null;
}
