import type { DataFile } from '../../dry-run/data-file.ts';
import { HeadraceError } from '../../errors.ts';
import type { RowsSeen } from './column-profile.ts';
import type { GuessedEncoding } from './guess-encoding.ts';
import { findFooter } from './guess-footer.ts';
import { mended } from './mend-layout.ts';
import { type Reading, readRows, seeAll } from './read-rows.ts';
import { type Layout, linesLayout, withOptions } from './text-layout.ts';

/** Of the first reading, and of each other after something was mended. */
const READING_MS = [2000, 800];
const MOST_READINGS = 8;

/** What the rows of a file are like, read by the parser itself, and the layout as it had to be mended for that. */
export async function profileRows(
  file: DataFile,
  layout: Layout,
  encoding: GuessedEncoding,
): Promise<RowsSeen & { readonly layout: Layout }> {
  let current = encoding === 'utf8' ? layout : withOptions(layout, { encoding });
  for (let count = 1; ; count++) {
    const reading = await read(file, current, READING_MS[Math.min(count, 2) - 1] as number);
    if (reading === null) {
      current = looser(current);
      continue;
    }
    const footer = footerOf(reading, current);
    const kept = footer === null ? reading.last : reading.last.slice(0, -footer.rows);
    const lines = new Set(reading.last.slice(kept.length).map(({ line }) => line));
    const rejected = reading.rejected.filter(({ line }) => !lines.has(line));
    seeAll(reading.profiles, kept);
    const next = count < MOST_READINGS ? mended(current, { ...reading, rejected }) : null;
    if (next !== null) {
      current = next;
      continue;
    }
    const rows = reading.rows - lines.size;
    if (footer === null) return { ...reading, rows, layout: current };
    const doubt = { text: footer.text, change: {} };
    const done = { ...withOptions(current, footer.options), doubts: [...current.doubts, doubt] };
    return { ...reading, rows, layout: done };
  }
}

/** null for a file that is given up for its header. @throws HeadraceError when it cannot be read at all */
async function read(file: DataFile, layout: Layout, forMs: number): Promise<Reading | null> {
  try {
    return await readRows(file, layout, forMs);
  } catch (error) {
    const isHeader = error instanceof HeadraceError && error.code === 'SOURCE_MALFORMED';
    if (isHeader && layout.parser === 'csv') return null;
    throw error;
  }
}

/** A layout with which less can be wrong with a header. */
function looser(layout: Layout): Layout {
  if (layout.options['relax.quotes'] === undefined) return withOptions(layout, { 'relax.quotes': 'true' });
  return layout.options.quote === '' ? linesLayout() : withOptions(layout, { quote: '' });
}

function footerOf({ isWhole, last, rows, profiles, tail }: Reading, layout: Layout) {
  if (!isWhole || layout.parser === 'lines' || layout.options['footer.lines'] !== undefined) return null;
  const isUsual = (column: number) => {
    const profile = profiles[column];
    const filled = (profile?.seen ?? 0) - (profile?.empty ?? 0);
    const held = last.filter(({ cells }) => (cells?.[column]?.trim() ?? '') !== '').length;
    const all = (profile?.seen ?? 0) + last.filter(({ cells }) => cells !== null).length;
    return (filled + held) * 10 >= all * 6;
  };
  return findFooter({ last, tail, rows, isUsual }, layout);
}
