import type { GuessedDialect } from './guess-dialect.ts';
import type { LayoutDoubt } from './text-layout.ts';
import { cellsOf, type TextLine } from './text-lines.ts';

/** The kind of rows that a file is read for, of several. */
export interface FoundSection {
  readonly name: string;
  readonly doubts: readonly LayoutDoubt[];
}

const MOST_KINDS = 12;
const LONGEST_NAME = 30;

/** Rows of several kinds are told apart by their first cell, and each has cells of its own; null where there is one kind. */
export function sectionOf(rows: readonly TextLine[], dialect: GuessedDialect): FoundSection | null {
  const kinds = new Map<string, Map<number, number>>();
  for (const { text } of rows) {
    const cells = cellsOf(text, dialect);
    const [kind = ''] = cells;
    if (!isName(kind)) return null;
    const widths = kinds.get(kind) ?? new Map<number, number>();
    widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
    kinds.set(kind, widths);
    if (kinds.size > MOST_KINDS) return null;
  }
  if (kinds.size < 2) return null;
  const sizes = [...kinds].map(([name, widths]) => ({
    name,
    widths: [...widths.keys()],
    rows: count(widths),
  }));
  const widths = new Set(sizes.flatMap((one) => one.widths));
  const isEven = sizes.filter((one) => one.widths.length === 1).length * 2 > sizes.length;
  const [largest] = sizes.sort((one, other) => other.rows - one.rows);
  if (largest === undefined || widths.size < 2 || largest.rows < 2) return null;
  if (!isEven && kinds.size < 3) return null;
  const others = sizes.filter((one) => one !== largest);
  // A header among rows of one kind has as many cells as they, and a footer is one line.
  const isHeader = others.some(
    ({ widths, rows }) => rows === 1 && largest.widths.includes(widths[0] as number),
  );
  if (isHeader) return null;
  const names = others.map(({ name }) => name);
  const text = `rows of ${kinds.size} kinds, told by their first cell: those of ${largest.name} are read, and not ${names.join(', ')}`;
  return { name: largest.name, doubts: [{ text, change: { section: names[0] as string } }] };
}

function isName(text: string): boolean {
  return text !== '' && text.length <= LONGEST_NAME && text === text.trim() && !text.includes(',');
}

function count(widths: ReadonlyMap<number, number>): number {
  return [...widths.values()].reduce((sum, one) => sum + one, 0);
}
