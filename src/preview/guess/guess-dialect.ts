import { parse } from 'csv-parse/sync';
import { DELIMITERS } from '../../values/known-formats.ts';

/** How rows and cells are told apart. */
export interface GuessedDialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Cells have white space around them that means nothing. */
  readonly trim: boolean;
}

const ROWS_TO_COMPARE = 200;

/** The delimiter that makes the most rows equally wide, and the quote that stands at both ends of cells. */
export function guessDialect(text: string): GuessedDialect {
  const quote = guessQuote(text);
  let best = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const { width, share } = widthOfRows(splitRows(text, { delimiter, quote, trim: false }, ROWS_TO_COMPARE));
    const isBetter = share > best.share || (share === best.share && width > best.width);
    if (width > 1 && isBetter) best = { delimiter, share, width };
  }
  const { delimiter } = best;
  const [header = []] = splitRows(text, { delimiter, quote, trim: false }, 1);
  return { delimiter, quote, trim: header.some((name) => name.trim() !== name) };
}

/** Rows of cells, as many as could be told apart. */
export function splitRows(
  text: string,
  { delimiter, quote, trim }: GuessedDialect,
  count: number,
): string[][] {
  return parse(text, {
    delimiter,
    quote,
    trim,
    bom: true,
    to: count,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
}

/** The width that most rows have, and the share of rows that have it. */
export function widthOfRows(rows: readonly (readonly string[])[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width = 1, count = 0] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [];
  return { width, share: rows.length === 0 ? 0 : count / rows.length };
}

function guessQuote(text: string): string {
  const cells = (quote: string) =>
    text.match(new RegExp(`(?<=^|[,;\\t|])${quote}[^${quote}\\r\\n]*${quote}(?=[,;\\t|]|\\r?$)`, 'gm'))
      ?.length ?? 0;
  return cells("'") > cells('"') ? "'" : '"';
}
