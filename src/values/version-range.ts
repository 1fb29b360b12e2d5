/**
 * Ranges of versions as Maven writes them, which Kafka Connect takes for `plugin.version`
 * (https://maven.apache.org/pom.html#dependency-version-requirement-specification). A version alone is that one and no
 * other, as in Kafka Connect.
 */

interface Bound {
  readonly version: string;
  readonly isIncluded: boolean;
}

/** Null at an end that is open. */
interface Interval {
  readonly from: Bound | null;
  readonly to: Bound | null;
}

/** What meets any of several intervals. */
export interface VersionRange {
  readonly intervals: readonly Interval[];
  /** As it was written; a version alone as `[1.0,1.0]`. */
  readonly text: string;
}

const VERSION = String.raw`[^\s,()[\]]+`;
const INTERVAL = new RegExp(String.raw`^([[(])\s*(${VERSION})?\s*(?:(,)\s*(${VERSION})?\s*)?([\])])$`);

/** Null of what is no range. `latest` is any version, as there is one of each plugin. */
export function versionRange(written: string): VersionRange | null {
  const text = written.trim();
  if (text === 'latest') return { intervals: [{ from: null, to: null }], text };
  if (new RegExp(`^${VERSION}$`).test(text)) return versionRange(`[${text},${text}]`);
  const intervals: Interval[] = [];
  for (const part of text.split(/(?<=[\])])\s*,\s*/)) {
    const interval = intervalOf(part);
    if (interval === null) return null;
    intervals.push(interval);
  }
  return { intervals, text };
}

function intervalOf(text: string): Interval | null {
  const [, open, low, comma, high, close] = INTERVAL.exec(text) ?? [];
  if (open === undefined || (low ?? high) === undefined) return null;
  // `[1.0]` is this version alone.
  if (comma === undefined) return open === '[' && close === ']' ? intervalOf(`[${low},${low}]`) : null;
  if (low !== undefined && high !== undefined && compareVersions(low, high) > 0) return null;
  return {
    from: low === undefined ? null : { version: low, isIncluded: open === '[' },
    to: high === undefined ? null : { version: high, isIncluded: close === ']' },
  };
}

export function isInRange(version: string, { intervals }: VersionRange): boolean {
  return intervals.some(({ from, to }) => isBeyond(version, from, 1) && isBeyond(version, to, -1));
}

/** @param side 1: above the bound; -1: below it */
function isBeyond(version: string, bound: Bound | null, side: 1 | -1): boolean {
  if (bound === null) return true;
  const order = compareVersions(version, bound.version) * side;
  return order > 0 || (order === 0 && bound.isIncluded);
}

/** What stands behind a number, from the earliest on; others come later, by their letters. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Readonly<Record<string, string>> = {
  a: 'alpha',
  b: 'beta',
  m: 'milestone',
  cr: 'rc',
  ga: '',
  final: '',
  release: '',
};

/** Negative when the first is the earlier one: `1.0-rc1`, `1.0` = `1`, `1.0.1`, `1.1`. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  for (let at = 0; at < Math.max(first.length, second.length); at++) {
    const order = compareParts(first[at], second[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers and words, without zeros at the end of the numbers; what a build adds (`1.0.0+7`) makes no other version. */
function partsOf(version: string): readonly string[] {
  const parts =
    version
      .toLowerCase()
      .replace(/\+.*$/, '')
      .match(/\d+|[a-z]+/g) ?? [];
  const kept: string[] = [];
  for (const part of parts.reverse()) if (!/^0+$/.test(part) || isNumber(kept[0])) kept.unshift(part);
  return kept;
}

/** A part that is missing is 0 beside a number, and the release beside a word. */
function compareParts(one: string | undefined, other: string | undefined): number {
  if (isNumber(one ?? other) && isNumber(other ?? one)) {
    const [first, second] = [BigInt(one ?? 0), BigInt(other ?? 0)];
    return first === second ? 0 : first < second ? -1 : 1;
  }
  if (isNumber(one)) return 1;
  if (isNumber(other)) return -1;
  const [first, second] = [wordOf(one), wordOf(other)];
  const order = rankOf(first) - rankOf(second);
  return order !== 0 || first === second ? order : first < second ? -1 : 1;
}

function isNumber(part: string | undefined): boolean {
  return part !== undefined && /^\d/.test(part);
}

function wordOf(part = ''): string {
  return Object.hasOwn(ALIASES, part) ? (ALIASES[part] as string) : part;
}

function rankOf(word: string): number {
  const known = QUALIFIERS.indexOf(word);
  return known === -1 ? QUALIFIERS.length : known;
}
