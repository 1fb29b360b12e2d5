import { utcMs } from '../../../src/values/calendar.ts';
import { literalSource } from '../../../src/values/literal-source.ts';
import { DATE_LETTERS, type DatePart, monthNumber } from './date-letters.ts';

/** A pattern of Java's SimpleDateFormat, in UTC and English. */
export interface DatePattern {
  format(date: Date): string;
  /** null when the text does not match, or names a day or time that there is not. */
  parse(text: string): Date | null;
  /** The first of its letters that can be written and not read, or null. */
  readonly unreadable: string | null;
}

interface Token {
  readonly format: (date: Date) => string;
  /** An expression that finds it; a letter's is one group, of this number. null when it cannot be read. */
  readonly source: ((group: number) => string) | null;
  /** What a letter's group is; undefined for other text. */
  readonly part?: DatePart | null;
  readonly letters?: string;
}

const TOKEN = /'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+/g;

/** Compiles a pattern; text says what is wrong with it. */
export function compileDatePattern(pattern: string): DatePattern | string {
  const texts = [...pattern.matchAll(TOKEN)];
  if (texts.map(([text]) => text).join('') !== pattern)
    return `expected a pattern whose ' are closed, got ${JSON.stringify(pattern)}`;
  const tokens: Token[] = [];
  for (const [i, [text, quoted, letter]] of texts.entries()) {
    if (letter === undefined) {
      tokens.push(literal(quoted === undefined ? text : quoted === '' ? "'" : quoted.replaceAll("''", "'")));
      continue;
    }
    const [next = '', , nextLetter] = texts[i + 1] ?? [];
    const token = letterToken(letter, text.length, nextLetter !== undefined && isNumber(nextLetter, next));
    if (token === null) {
      const known = Object.keys(DATE_LETTERS).join('');
      return `expected letters of ${known} (no more than three X), and other text in ', got ${text}`;
    }
    tokens.push(token);
  }
  return datePattern(tokens);
}

function datePattern(tokens: readonly Token[]): DatePattern {
  const parts = tokens.flatMap(({ part }) => (part === undefined ? [] : [part]));
  const unreadable = unreadableIn(tokens);
  const expression = unreadable === null ? expressionOf(tokens) : null;
  return {
    unreadable,
    format: (date) => tokens.map((token) => token.format(date)).join(''),
    parse(text) {
      const match = expression?.exec(text) ?? null;
      if (match === null) return null;
      const fields: Partial<Record<DatePart, string>> = {};
      for (const [i, part] of parts.entries()) if (part !== null) fields[part] = match[i + 1] as string;
      return dateOf(fields);
    },
  };
}

/** A day of the week says something only where there is no day. */
function unreadableIn(tokens: readonly Token[]): string | null {
  const needsDay = !tokens.some(({ part }) => part === 'day');
  return tokens.find(({ source, part }) => source === null || (part === null && needsDay))?.letters ?? null;
}

function expressionOf(tokens: readonly Token[]): RegExp {
  let group = 0;
  const sources = tokens.map(({ source, part }) => source?.(part === undefined ? 0 : ++group));
  return new RegExp(`^${sources.join('')}$`, 'i');
}

/** Whether the letters stand for digits: such a number ends the one before it, which has as many digits as letters then. */
function isNumber(letter: string, letters: string): boolean {
  return /[yYdDFwWuHkKhmsS]/.test(letter) || /^[ML]{1,2}$/.test(letters);
}

function literal(text: string): Token {
  return { format: () => text, source: () => literalSource(text) };
}

function letterToken(letter: string, count: number, isAbutting: boolean): Token | null {
  const known = Object.hasOwn(DATE_LETTERS, letter) ? DATE_LETTERS[letter] : undefined;
  if (known === undefined || count > (known.most ?? Number.POSITIVE_INFINITY)) return null;
  const format = (date: Date) => known.format(date, count);
  const letters = letter.repeat(count);
  const text = known.text?.(count) ?? null;
  if (text !== null) return { format, letters, part: text.part, source: () => `[ \\t]*(${text.source})` };
  if (known.number === undefined) return { format, letters, source: null };
  // Found ahead and then repeated, digits are not given back when what follows does not match.
  const digits = (group: number) =>
    isAbutting ? `(?=.{${count}})(?=([0-9]{1,${count}}))\\${group}` : `(?=([0-9]{1,9}))\\${group}`;
  const part = known.number === 'year' && count <= 2 ? 'shortYear' : known.number;
  return { format, letters, part, source: (group) => `[ \\t]*${digits(group)}` };
}

type Fields = Readonly<Partial<Record<DatePart, string>>>;

/** What the pattern lacks is as at the beginning of 1970, as in Java. */
function dateOf(fields: Fields): Date | null {
  const {
    shortYear = '1970',
    year = fullYear(shortYear),
    month = '1',
    day = '1',
    minute = '0',
    second = '0',
    ms = '0',
    zone = 'Z',
  } = fields;
  const hour = hourOf(fields);
  const monthText = /^[0-9]/.test(month) ? month : String(monthNumber(month));
  const two = (text: string | number) => String(Number(text)).padStart(2, '0');
  const day8601 = `${String(Number(year)).padStart(4, '0')}-${two(monthText)}-${two(day)}`;
  const wall = `${day8601}T${two(hour)}:${two(minute)}:${two(second)}`;
  const wallMs = utcMs(wall);
  if (wallMs === null || Number(ms) > 999) return null;
  return new Date(wallMs + Number(ms) - offsetMinutes(zone) * 60_000);
}

function hourOf({ hour, hour12, half = 'AM' }: Fields): number {
  if (hour12 === undefined) return Number(hour ?? '0');
  // An hour from 13 on is no hour of half a day.
  if (Number(hour12) > 12) return Number.NaN;
  return (Number(hour12) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** Two digits are the year that is at most 80 years ago and less than 20 years ahead, as in Java. */
function fullYear(digits: string): string {
  if (digits.length !== 2) return digits;
  const first = new Date().getUTCFullYear() - 80;
  const year = first - (first % 100) + Number(digits);
  return String(year < first ? year + 100 : year);
}

/** Of `Z`, `UTC`, `+11`, `+1100`, `+11:00` and `GMT+11:00`. */
function offsetMinutes(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])([0-9]{1,2}?):?([0-9]{2})?$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
