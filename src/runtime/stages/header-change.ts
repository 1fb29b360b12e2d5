import { createHash } from 'node:crypto';
import { shownName, shownNames } from '../../config/check/field-names.ts';
import type { HeaderRules } from '../../config/connector-config.ts';
import { FileRejected, HeadraceError, type SourceFile, type SourceOffset } from '../../plugin/index.ts';

/** Characters of a header that is kept as it is: one that is longer is known by its hash. */
const KEPT_CHARACTERS = 4096;

/** An offset of a file, with when it was written. */
export interface DatedOffset {
  readonly offset: SourceOffset;
  readonly timestamp: number;
}

/**
 * Holds the header of each file against the one before it, or the one that the feed names (`on.header.change`). The
 * header of a file is kept with its offset, in the transaction of its rows, so that a task that starts knows the last one.
 */
export class HeaderChange {
  readonly #rules: HeaderRules;
  #expected: string | null;
  readonly #headers = new WeakMap<SourceFile, string>();

  /** @param before the offsets of the feed's files, those of all tasks; looked through only where headers count */
  constructor(rules: HeaderRules, before: () => Iterable<DatedOffset>) {
    this.#rules = rules;
    if (rules.policy === 'map') this.#expected = null;
    else this.#expected = rules.columns === null ? lastHeader(before()) : headerText(rules.columns);
  }

  /** @throws FileRejected or HeadraceError HEADER_CHANGED, as the feed says, when a file has another header */
  require(file: SourceFile, columns: readonly string[]): void {
    if (this.#expected === null || isBegun(file) || this.#expected === headerText(columns)) return;
    const message = `${file.path}: ${changeText(this.#expected, columns)}. ${mendText(this.#rules, columns)}`;
    if (this.#rules.policy === 'quarantine') throw new FileRejected(file, 'HEADER_CHANGED', message);
    throw new HeadraceError('HEADER_CHANGED', message);
  }

  /** Rows of the file go on: its header is what the next one is held against. */
  accept(file: SourceFile, columns: readonly string[]): void {
    if (this.#rules.policy === 'map') return;
    const header = headerText(columns);
    if (!isBegun(file)) this.#expected = header;
    this.#headers.set(file, header);
  }

  /** What is to be kept with the offset of a file. */
  offsetOf(file: SourceFile): { readonly header?: string } {
    const header = this.#headers.get(file);
    return header === undefined ? {} : { header };
  }
}

/** What goes on behind rows that are delivered was looked at when it began. */
function isBegun({ start }: SourceFile): boolean {
  return (start?.position ?? 0) > 0;
}

function lastHeader(offsets: Iterable<DatedOffset>): string | null {
  let last: { readonly header: string; readonly timestamp: number } | null = null;
  for (const { offset, timestamp } of offsets) {
    const { header } = offset;
    if (typeof header === 'string' && timestamp >= (last?.timestamp ?? 0)) last = { header, timestamp };
  }
  return last?.header ?? null;
}

/** Equal for equal columns. */
function headerText(columns: readonly string[]): string {
  const text = JSON.stringify(columns);
  if (text.length <= KEPT_CHARACTERS) return text;
  return `${columns.length} columns, sha256 ${createHash('sha256').update(text).digest('hex')}`;
}

/** The columns that `headerText` was made of; null where it does not hold them. */
function columnsOf(header: string): readonly string[] | null {
  try {
    const columns: unknown = JSON.parse(header);
    return Array.isArray(columns) && columns.every((name) => typeof name === 'string') ? columns : null;
  } catch {
    return null;
  }
}

function changeText(header: string, columns: readonly string[]): string {
  const expected = columnsOf(header);
  const got = shownNames(columns);
  if (expected === null) return `header changed: got ${got} (${columns.length} columns)`;
  return `header changed: expected ${shownNames(expected)}; got ${got} (${differences(expected, columns)})`;
}

function differences(expected: readonly string[], columns: readonly string[]): string {
  const lost = without(expected, columns);
  const gained = without(columns, expected);
  if (lost.length === 0 && gained.length === 0) return 'order';
  const parts = [
    ['lost', lost],
    ['gained', gained],
  ] as const;
  return parts.flatMap(([word, names]) => (names.length === 0 ? [] : [`${word} ${named(names)}`])).join('; ');
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

function named(names: readonly string[]): string {
  return names.length === 1 ? shownName(names[0] as string) : shownNames(names);
}

function mendText({ columns: declared }: HeaderRules, columns: readonly string[]): string {
  const accept = declared === null ? 'set' : 'change';
  const isListed = columns.every((name) => name.trim() === name && !name.includes(','));
  const how = isListed ? `${accept} expect.columns to it` : 'set on.header.change: map';
  return `Mend the file, or if the new header is right, ${how}`;
}
