import type { ColumnProfile } from './column-profile.ts';
import type { DraftRow } from './draft-rows.ts';
import { guessCodePage } from './guess-encoding.ts';
import type { Reading } from './read-rows.ts';
import { type Layout, type LayoutDoubt, withOptions } from './text-layout.ts';

/** A layout that takes rows which a parser rejected, or passes over those that are none; null where there is nothing to mend. */
export function mended(layout: Layout, reading: Reading): Layout | null {
  if (layout.parser !== 'csv') return null;
  const { options } = layout;
  const more = (set: Record<string, string>, doubt?: LayoutDoubt) => {
    const next = withOptions(layout, set);
    return doubt === undefined ? next : { ...next, doubts: [...layout.doubts, doubt] };
  };
  if (reading.blank > 0 && layout.options['skip.empty.rows'] === undefined && reading.columns.length > 1)
    return more({ 'skip.empty.rows': 'true' });
  if (reading.headers > 0 && options['skip.repeated.headers'] === undefined)
    return more({ 'skip.repeated.headers': 'true' });
  if (options.trim === undefined && reading.profiles.some(isPadded)) return more({ trim: 'true' });
  const of = (...names: string[]) =>
    reading.rejected.filter(({ rejection }) => names.includes(rejection?.errorName ?? ''));
  const strange = of('InvalidUtf8', 'InvalidText');
  if (strange.length > 0 && options.encoding === undefined) return more({ encoding: codePageOf(strange) });
  const quoted = of('InvalidQuote', 'UnclosedQuote');
  if (quoted.length > 0) {
    const set = quoteOptions(layout, quoted);
    if (set !== null) return more(set);
  }
  const short = of('TooFewCells');
  if (short.length > 0 && short.length * 2 < reading.rows && options['short.rows'] === undefined)
    return more({ 'short.rows': 'fill' }, shortDoubt(short));
  return null;
}

/** White space that fills cells up, or that a program puts before them. */
function isPadded(profile: ColumnProfile): boolean {
  profile.look();
  return profile.filled > 1 && profile.padded >= profile.filled * 0.8;
}

function codePageOf(rows: readonly DraftRow[]): string {
  return guessCodePage(Buffer.concat(rows.map(({ raw }) => raw)));
}

/** The next thing to try with quotes that are not where they should be. */
function quoteOptions({ options, quote }: Layout, rows: readonly DraftRow[]): Record<string, string> | null {
  const isEscaped = rows.some(({ raw }) => raw.toString('latin1').includes(`\\${quote}`));
  if (isEscaped && options.escape === undefined) return { escape: '\\' };
  if (options['relax.quotes'] === undefined && quote !== '') return { 'relax.quotes': 'true' };
  return options.quote === '' ? null : { quote: '' };
}

function shortDoubt(rows: readonly DraftRow[]): LayoutDoubt {
  const [first] = rows as [DraftRow];
  const lines = rows.length === 1 ? `line ${first.line} has` : `line ${first.line} and others have`;
  return {
    text: `${lines} fewer cells than there are columns; empty ones are put at their end`,
    change: { 'short.rows': 'reject' },
  };
}
