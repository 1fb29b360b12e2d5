import { isTyped } from './guess-type.ts';
import type { Layout, LayoutDoubt } from './text-layout.ts';
import type { TextLine } from './text-lines.ts';

interface Span {
  /** Both count from 0; `to` is behind the last character. */
  readonly from: number;
  readonly to: number;
}

const LEAST_LINES = 3;
const MOST_TITLES = 12;
const MOST_LINES = 500;
const SHOWN = 40;
const RULER = /^[-=]{1,}(?:\s+[-=]+)+\s*$/;

/** Whether a line draws a line below each column. */
export function isRuler({ text }: TextLine): boolean {
  return RULER.test(text);
}

/** Lines whose cells stand at the same places, with blanks between them; null for all others. */
export function fixedLayout(lines: readonly TextLine[]): Layout | null {
  const ruler = lines.findIndex((line, index) => index <= MOST_TITLES && isRuler(line));
  if (ruler >= 0) return layoutOf(lines, ruler, spansOf(inkOf([(lines[ruler] as TextLine).text])));
  const section = sectionOf(lines);
  const own = section === null ? lines : lines.filter(({ text }) => text.startsWith(section));
  let best: {
    readonly block: readonly TextLine[];
    readonly titles: number;
    readonly spans: readonly Span[];
  } | null = null;
  for (let titles = 0; titles <= Math.min(MOST_TITLES, own.length - LEAST_LINES); titles++) {
    const block = blockOf(own.slice(titles));
    const spans = spansOf(inkOf(block.map(({ text }) => text)));
    const before = own.slice(0, titles);
    if (block.length < LEAST_LINES || spans.length < 2 || !isTable(block, spans)) continue;
    if (before.some(({ text }) => !crosses(text, spans))) continue;
    if (best === null || spans.length > best.spans.length) best = { block, titles, spans };
  }
  if (best === null) return null;
  const layout = layoutOf([...own.slice(0, best.titles), ...best.block], best.titles - 1, best.spans);
  if (layout === null || section === null) return layout;
  const { 'skip.lines': _, ...options } = layout.options;
  const doubt = {
    text: `only lines that begin with ${section} are read`,
    change: { section: (lines[0] as TextLine).text.slice(0, section.length) },
  };
  return { ...layout, options: { section, ...options }, doubts: [...layout.doubts, doubt] };
}

/** Whether a line has something where rows have blanks: it is none of them. */
function crosses(line: string, spans: readonly Span[]): boolean {
  return spans.some(({ to }, index) => line.slice(to, spans[index + 1]?.from ?? to).trim() !== '');
}

/** What all lines begin with but the first and the last, where these begin alike: the kind of a record. */
function sectionOf(lines: readonly TextLine[]): string | null {
  for (const length of [2, 1]) {
    const kinds = lines.map(({ text }) => text.slice(0, length));
    const inner = new Set(kinds.slice(1, -1));
    const [kind = ''] = inner;
    const ends = [kinds[0] ?? '', kinds.at(-1) ?? ''];
    const areKinds = [kind, ...ends].every((one) => /^[A-Z0-9]+$/.test(one) && one.length === length);
    if (lines.length > 3 && inner.size === 1 && areKinds && !ends.includes(kind)) return kind;
  }
  return null;
}

/** Without the last lines, where they would join what the others keep apart. */
function blockOf(lines: readonly TextLine[]): readonly TextLine[] {
  const all = lines.slice(0, MOST_LINES);
  const count = (block: readonly TextLine[]) => spansOf(inkOf(block.map(({ text }) => text))).length;
  let best = all;
  for (let footer = 1; footer <= 3 && all.length - footer >= LEAST_LINES; footer++) {
    const block = all.slice(0, -footer);
    if (count(block) > count(best)) best = block;
  }
  return best;
}

/** Whether there is something at each place of a line, in one of the lines. */
function inkOf(lines: readonly string[]): boolean[] {
  const ink: boolean[] = [];
  for (const line of lines) for (let at = 0; at < line.length; at++) if (line[at] !== ' ') ink[at] = true;
  return ink;
}

function spansOf(ink: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < ink.length; at++) {
    if (ink[at] !== true) continue;
    const from = at;
    while (ink[at] === true) at++;
    spans.push({ from, to: at });
  }
  return spans;
}

/** Prose has gaps in the same places by chance, but not many, and its lines end where they like. */
function isTable(lines: readonly TextLine[], spans: readonly Span[]): boolean {
  const last = spans.at(-1) as Span;
  const reach = lines.filter(({ text }) => text.trimEnd().length > last.from).length;
  const gap = spans.some(({ to }, index) => ((spans[index + 1] as Span | undefined)?.from ?? to) - to >= 2);
  const lengths = new Set(lines.map(({ text }) => text.length));
  const typed = lines
    .slice(1)
    .some(({ text }) => spans.some(({ from, to }) => isTyped(text.slice(from, to).trim())));
  return reach >= lines.length * 0.8 && (gap || lengths.size === 1) && (typed || lengths.size === 1);
}

/** @param before the index of the last line before the rows that is none of them and no header */
function layoutOf(lines: readonly TextLine[], before: number, spans: readonly Span[]): Layout | null {
  const isRuled = before >= 0 && isRuler(lines[before] as TextLine);
  const rows = lines.slice(before + 1);
  const first = isRuled ? lines[before - 1] : rows[0];
  if (first === undefined) return null;
  const body = isRuled ? rows : rows.slice(1);
  const cut = (text: string) => spans.map(({ from, to }) => text.slice(from, to).trim());
  const names = cut(first.text);
  const isHeader =
    isRuled ||
    (!names.some((name) => isTyped(name) || /\d{5}/.test(name)) &&
      body.some(({ text }) => cut(text).some(isTyped)) &&
      names.every((name) => name !== ''));
  const given = isHeader ? names : spans.map(() => '');
  const places = placesOf(isHeader ? body : rows, spans);
  const used = usableNames(given);
  const skipped = isRuled ? (lines[before] as TextLine).number : isHeader ? first.number : first.number - 1;
  const columns = used.map((name, index) => `${name} ${places[index]}`).join(', ');
  const options = {
    columns,
    ...(skipped > 0 && { 'skip.lines': String(skipped) }),
    'short.lines': 'fill',
  };
  return {
    ...{ parser: 'fixed-width', options, names: used, header: isHeader, renamed: false },
    ...{ delimiter: '', quote: '', trim: true, drops: [] },
    doubts: [
      { text: 'cells stand at fixed places, with blanks between them', change: { type: 'lines' } },
      ...titleDoubts(lines, isRuled ? before - 1 : before + 1),
    ],
  };
}

function titleDoubts(lines: readonly TextLine[], titles: number): LayoutDoubt[] {
  const [first] = lines;
  if (titles <= 0 || first === undefined) return [];
  const shown = first.text.trim().slice(0, SHOWN);
  return [{ text: `lines before the header are passed over (${shown})`, change: {} }];
}

/** Cells of text go on to their right, numbers begin further to the left, in rows that are still to come. */
function placesOf(lines: readonly TextLine[], spans: readonly Span[]): string[] {
  const startsAt = (span: Span) =>
    lines.every(({ text }) => text[span.from] !== ' ' && text.length > span.from);
  const begins = spans.map(({ from }, index) => {
    const left = spans[index - 1];
    return left === undefined
      ? Math.min(from, startsAt(spans[0] as Span) ? from : 0)
      : startsAt(left)
        ? from
        : left.to;
  });
  return begins.map((begin, index) => {
    const next = begins[index + 1];
    return next === undefined
      ? `${begin + 1}-`
      : next === begin + 1
        ? `${begin + 1}`
        : `${begin + 1}-${next}`;
  });
}

/** Names that columns may have: none empty, none twice, none with what stands between names. */
export function usableNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name.replaceAll(/[,\r\n]/g, '_').trim() || `column_${index + 1}`;
    let unique = base;
    for (let copy = 2; taken.has(unique); copy++) unique = `${base}_${copy}`;
    taken.add(unique);
    return unique;
  });
}
