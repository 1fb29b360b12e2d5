import { DAY_MS } from '../../../src/values/calendar.ts';

/** What a letter of Java's SimpleDateFormat gives to a date that is read. */
export type DatePart =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'half'
  | 'minute'
  | 'second'
  | 'ms'
  | 'zone';

/**
 * A letter of a pattern, repeated `count` times. English, UTC, weeks from Sunday on, as in the United States. One with
 * neither `number` nor `text` can only be written.
 */
export interface DateLetter {
  format(date: Date, count: number): string;
  /** The part that the number is. */
  readonly number?: DatePart;
  /** How text is read that is no number; `part` is null for text that says nothing new. */
  readonly text?: (count: number) => { readonly part: DatePart | null; readonly source: string } | null;
  /** The largest count that there is. */
  readonly most?: number;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const OFFSET = '(?:GMT|UTC)?[+-][0-9]{1,2}:?[0-9]{2}|GMT|UTC';

export const DATE_LETTERS: Readonly<Record<string, DateLetter>> = {
  G: { format: () => 'AD' },
  y: { format: (date, count) => yearText(date.getUTCFullYear(), count), number: 'year' },
  Y: { format: (date, count) => yearText(weekYear(date), count) },
  M: { format: monthText, number: 'month', text: monthNames },
  L: { format: monthText, number: 'month', text: monthNames },
  d: { format: (date, count) => padded(date.getUTCDate(), count), number: 'day' },
  D: { format: (date, count) => padded(dayOfYear(date) + 1, count) },
  w: { format: (date, count) => padded(weekOfYear(date), count) },
  W: { format: (date, count) => padded(weekOfMonth(date), count) },
  F: { format: (date, count) => padded(Math.ceil(date.getUTCDate() / 7), count) },
  E: {
    format: (date, count) => nameText(DAYS[date.getUTCDay()] as string, count),
    text: () => ({ part: null, source: namesSource(DAYS) }),
  },
  u: { format: (date, count) => padded(date.getUTCDay() || 7, count) },
  a: {
    format: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    text: () => ({ part: 'half', source: 'AM|PM' }),
  },
  H: { format: (date, count) => padded(date.getUTCHours(), count), number: 'hour' },
  k: { format: (date, count) => padded(date.getUTCHours() || 24, count) },
  K: { format: (date, count) => padded(date.getUTCHours() % 12, count) },
  h: { format: (date, count) => padded(date.getUTCHours() % 12 || 12, count), number: 'hour12' },
  m: { format: (date, count) => padded(date.getUTCMinutes(), count), number: 'minute' },
  s: { format: (date, count) => padded(date.getUTCSeconds(), count), number: 'second' },
  S: { format: (date, count) => padded(date.getUTCMilliseconds(), count), number: 'ms' },
  z: {
    format: (_, count) => (count < 4 ? 'UTC' : 'Coordinated Universal Time'),
    text: () => ({ part: 'zone', source: OFFSET }),
  },
  Z: { format: () => '+0000', text: () => ({ part: 'zone', source: OFFSET }) },
  X: { format: () => 'Z', text: (count) => ({ part: 'zone', source: isoOffset(count) }), most: 3 },
};

/** 1 for a month's name or its first three letters, whatever the case. */
export function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase())) + 1;
}

function padded(number: number, count: number): string {
  return String(number).padStart(count, '0');
}

function yearText(year: number, count: number): string {
  return count === 2 ? padded(year % 100, 2) : padded(year, count);
}

function monthText(date: Date, count: number): string {
  const month = date.getUTCMonth();
  return count < 3 ? padded(month + 1, count) : nameText(MONTHS[month] as string, count);
}

function nameText(name: string, count: number): string {
  return count < 4 ? name.slice(0, 3) : name;
}

function monthNames(count: number): { part: DatePart; source: string } | null {
  return count < 3 ? null : { part: 'month', source: namesSource(MONTHS) };
}

/** Whole names before short ones, so that the longest is found. */
function namesSource(names: readonly string[]): string {
  return [...names, ...names.map((name) => name.slice(0, 3))].join('|');
}

function isoOffset(count: number): string {
  return `Z|[+-][0-9]{2}${['', '[0-9]{2}', ':[0-9]{2}'][count - 1]}`;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS);
}

/** The week that has the 1st of January is the first, even where it begins in the old year. */
function weekOfYear(date: Date): number {
  if (weekYear(date) !== date.getUTCFullYear()) return 1;
  const firstDay = new Date(Date.UTC(date.getUTCFullYear(), 0, 1)).getUTCDay();
  return Math.floor((dayOfYear(date) + firstDay) / 7) + 1;
}

function weekYear(date: Date): number {
  const saturday = new Date(date.getTime() + (6 - date.getUTCDay()) * DAY_MS);
  return saturday.getUTCFullYear();
}

function weekOfMonth(date: Date): number {
  const firstDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)).getUTCDay();
  return Math.floor((date.getUTCDate() - 1 + firstDay) / 7) + 1;
}
