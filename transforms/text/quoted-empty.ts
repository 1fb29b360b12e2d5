import type { Rows } from './row-table.ts';

/** For formats in which a cell may be in quotes. */
export const quotedEmptyOption = {
  quotedEmpty: {
    doc: `What empty quotes are: \`nothing\`, as all that is empty, or \`text\` of no characters, as COPY of Postgres reads \
them. It is the value of a field of the type string then, and what is empty without quotes is null, also without a schema.`,
    format: ['nothing', 'text'],
    default: 'nothing',
  },
} as const;

export type QuotedEmpty = 'nothing' | 'text';

/**
 * The cells, of all in their order, whose quotes have nothing in them: at each of them stands its closing quote, which no other
 * empty cell is followed by. Other text than the file's begins at `ownFrom`.
 */
export function emptyTexts({ cells, faults }: Rows, width: number, quote: string, ownFrom: number): number[] {
  const { bytes, bounds } = cells;
  const quoteByte = quote.charCodeAt(0);
  const found: number[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    const start = bounds[at] as number;
    if (start !== bounds[at + 1] || bytes[start] !== quoteByte || start === 0 || start >= ownFrom) continue;
    if (!faults.has(Math.floor(at / 2 / width))) found.push(at / 2);
  }
  return found;
}
