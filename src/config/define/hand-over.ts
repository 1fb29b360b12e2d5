import { isTimeZone } from '../../values/time-zone.ts';

/** What a sender has promised: so many files by a time of the day. */
export interface HandOver {
  /** As it was written: `18:00 Australia/Sydney`. */
  readonly by: string;
  readonly time: TimeOfDay;
  /** Of the week, 0 for Sunday. */
  readonly days: readonly number[];
  /** Which files, a glob that may have the date of the day; null for all of the feed. */
  readonly pattern: string | null;
  readonly files: number;
  readonly minRows: number;
}

export interface TimeOfDay {
  /** Since midnight, as clocks show it. */
  readonly seconds: number;
  /** Of the IANA database, or an offset such as +10:00. */
  readonly zone: string;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)\s+(\S+)$/;

/** Reads `18:00 Australia/Sydney`; text that tells what was expected where it is none. */
export function parseTimeOfDay(text: string): TimeOfDay | string {
  const [, hours, minutes, zone = ''] = TIME.exec(text.trim()) ?? [];
  if (hours === undefined) return 'a time and its zone, such as 18:00 Australia/Sydney';
  if (!isTimeZone(zone)) return 'a time zone such as Australia/Sydney or +10:00 behind the time';
  return { seconds: Number(hours) * 3600 + Number(minutes) * 60, zone };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** Reads days and ranges of them, `Mon-Fri` or `Sat-Mon`; the first that is none where there is one. */
export function parseDays(items: readonly string[]): readonly number[] | string {
  const days = new Set<number>();
  for (const item of items) {
    const [from = '', to = from, ...more] = item.split('-').map((name) => name.trim());
    const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)];
    if (first < 0 || last < 0 || more.length > 0) return item;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days.size === 0 ? EVERY_DAY : [...days].sort();
}

interface Written {
  readonly expectBy: string | null;
  readonly expectDays: readonly string[];
  readonly expectPattern: string | null;
  readonly expectFiles: number;
  readonly expectMinRows: number;
}

/** What options without mistakes say; null where nothing is expected. */
export function handOverOf(options: Written): HandOver | null {
  const { expectBy: by, expectPattern: pattern, expectFiles: files, expectMinRows: minRows } = options;
  const time = by === null ? '' : parseTimeOfDay(by);
  const days = parseDays(options.expectDays);
  if (by === null || typeof time === 'string' || typeof days === 'string') return null;
  return { by, time, days, pattern, files, minRows };
}

/** Where what happens to a feed is told to, and what is sent with it to say who tells. */
export interface Notify {
  readonly url: string;
  /** Of the header of that name. */
  readonly authorization: string | null;
}
