import type { ConfigProblem } from '../../../src/plugin/index.ts';
import { literalSource } from '../../../src/values/literal-source.ts';
import type { ListedFile } from '../file-store.ts';

/*
 * `files.order`: `time`, `name`, `size`, or a date as names have it, `{yyyy}-{MM}-{dd}`; with `strict` before it no file
 * overtakes another.
 */

/** What stands for a part of a date, from its largest to its smallest, and what is no other number. */
const FIELDS: Readonly<Record<string, string>> = {
  '{yyyy}': '\\d{4}',
  '{MM}': '0[1-9]|1[0-2]',
  '{dd}': '0[1-9]|[12]\\d|3[01]',
  '{HH}': '[01]\\d|2[0-3]',
  '{mm}': '[0-5]\\d',
  '{ss}': '[0-5]\\d',
};
const FIELD = /(\{[A-Za-z]+\})/;
const KINDS: readonly string[] = ['time', 'name', 'size'];

type Compare = (one: ListedFile, other: ListedFile) => number;

/** In which order files are read. */
export class FilesOrder {
  /** A file is not begun before those that come before it are done with. */
  readonly isStrict: boolean;
  /** The dates in their names decide. */
  readonly isDated: boolean;
  readonly #kind: string;
  readonly #dated: { readonly expression: RegExp; readonly fields: readonly string[] };

  /** @param text as `checkOrder` lets it pass */
  constructor(text: string) {
    const { isStrict, kind } = partsOf(text);
    this.isStrict = isStrict;
    this.#kind = kind === '' ? 'time' : kind;
    this.isDated = !KINDS.includes(this.#kind);
    this.#dated = datedName(this.#kind);
  }

  /** The files in their order; those that are alike by their paths. */
  sorted(files: readonly ListedFile[]): ListedFile[] {
    if (!this.isDated) return [...files].sort(this.#compare());
    const dates = files.map((file) => [this.dateIn(file.place), file] as const);
    return dates
      .sort(([one, a], [other, b]) => compareTexts(one ?? LAST, other ?? LAST) || byPath(a, b))
      .map(([, file]) => file);
  }

  /** The date in a path, in the order in which dates are compared; null when there is none. */
  dateIn(place: string): string | null {
    const { expression, fields } = this.#dated;
    const found = expression.exec(place);
    if (found === null) return null;
    const of = (field: string) => found[fields.indexOf(field) + 1] as string;
    return Object.keys(FIELDS)
      .map((field) => (fields.includes(field) ? of(field) : ''))
      .join(' ');
  }

  #compare(): Compare {
    if (this.#kind === 'name') return byPath;
    return this.#kind === 'size'
      ? (one, other) => one.version.size - other.version.size || byPath(one, other)
      : oldestFirst;
  }
}

/** After every date. */
const LAST = '~';

export function oldestFirst(one: ListedFile, other: ListedFile): number {
  const [a, b] = [one.version.mtimeNs, other.version.mtimeNs];
  if (a !== b) return a < b ? -1 : 1;
  return byPath(one, other);
}

function byPath(one: ListedFile, other: ListedFile): number {
  return compareTexts(one.path, other.path);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function partsOf(text: string): { isStrict: boolean; kind: string } {
  const [, strict, kind = ''] = /^(strict(?= |$))?(.*)$/s.exec(text.trim()) ?? [];
  return { isStrict: strict !== undefined, kind: kind.trim() };
}

/** A date is not the end of a longer number. */
function datedName(pattern: string): { expression: RegExp; fields: string[] } {
  const parts = pattern.split(FIELD).filter((part) => part !== '');
  const fields = parts.filter((part) => part in FIELDS);
  const sources = parts.map((part) => (part in FIELDS ? `(${FIELDS[part]})` : literalSource(part)));
  const start = parts[0] !== undefined && parts[0] in FIELDS ? '(?<!\\d)' : '';
  return { expression: new RegExp(start + sources.join('')), fields };
}

/** Mistakes in `files.order`. @param isPaged the store is listed by names, page by page */
export function* checkOrder(text: string, isPaged: boolean): Generator<ConfigProblem> {
  const key = 'files.order';
  const { kind } = partsOf(text);
  const given = JSON.stringify(text);
  const unknown = kind.split(FIELD).find((part) => FIELD.test(part) && !(part in FIELDS));
  const isDate = FIELD.test(kind);
  if (unknown !== undefined) {
    const known = Object.keys(FIELDS).join(', ');
    yield { key, message: `expected a date of ${known} and text between them, got ${unknown} in ${given}` };
  } else if (kind !== '' && !isDate && !KINDS.includes(kind)) {
    const expected = isPaged
      ? 'name'
      : 'time, name, size or a date as names have it, such as {yyyy}-{MM}-{dd}';
    yield { key, message: `expected ${expected}, with or without strict before it, got ${given}` };
  } else if (isPaged && kind !== '' && kind !== 'name') {
    const message =
      `got ${given}, but objects come in the order of their names, page after page, and there may be more of them than ` +
      'memory has room for; write name, or leave it out';
    yield { key, message };
  }
}
