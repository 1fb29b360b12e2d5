import type { CellParser } from './cell-parsers.ts';
import { compilePattern } from './time-pattern.ts';

const ISO_DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const ISO_TIMESTAMP =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?(?:(Z)|([+-][0-9]{2})(?::?([0-9]{2}))?)?$/;
const WHOLE = /^-?[0-9]{1,20}$/;

/** Digits after the second of each unit that counts from 1970. */
const EPOCH_DIGITS = new Map([
  ['epoch_s', 0],
  ['epoch_ms', 3],
  ['epoch_us', 6],
  ['epoch_ns', 9],
]);
/** Milliseconds of the years 1 to 9999, all that ISO 8601 writes with four digits. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads timestamps into ISO 8601, with the zone and the digits they came with. One that names no zone keeps none, as
 * does any read by a pattern; whoever needs an instant takes it for UTC.
 */
export function timestampParser(format: string): CellParser | string {
  if (format === 'iso') {
    return { expected: 'a timestamp (2026-01-31T09:30:00.000Z)', parse: isoTimestamp };
  }
  const digits = EPOCH_DIGITS.get(format);
  if (digits !== undefined) {
    return { expected: `a timestamp (${format})`, parse: (text) => epochTimestamp(text, digits) };
  }
  const pattern = compilePattern(format);
  if (pattern === null) {
    const known = ['iso', ...EPOCH_DIGITS.keys()].join(', ');
    return `expected ${known} or a pattern of yyyy, MM, dd, HH, mm, ss and S, got ${JSON.stringify(format)}`;
  }
  return {
    expected: `a timestamp (${format})`,
    parse(text) {
      const fields = pattern(text);
      if (fields === null) return undefined;
      const { year, month, day, hour, minute, second, fraction } = fields;
      if (!isDate(year, month, day) || !isTime(hour, minute, second)) return undefined;
      const ending = fraction === '' ? '' : `.${fraction}`;
      return `${year}-${month}-${day}T${hour}:${minute}:${second}${ending}`;
    },
  };
}

/** Reads dates into `2026-01-31`. */
export function dateParser(format: string): CellParser | string {
  if (format === 'iso') return { expected: 'a date (2026-01-31)', parse: isoDate };
  const pattern = compilePattern(format);
  if (pattern === null) {
    return `expected iso or a pattern of yyyy, MM and dd, got ${JSON.stringify(format)}`;
  }
  return {
    expected: `a date (${format})`,
    parse(text) {
      const fields = pattern(text);
      if (fields === null || !isDate(fields.year, fields.month, fields.day)) return undefined;
      return `${fields.year}-${fields.month}-${fields.day}`;
    },
  };
}

function isoDate(text: string): string | undefined {
  const match = ISO_DATE.exec(text);
  return match !== null && isDate(match[1], match[2], match[3]) ? text : undefined;
}

function isoTimestamp(text: string): string | undefined {
  const match = ISO_TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', utc = '', zoneHour, zoneMinute = '00'] =
    match;
  if (!isDate(year, month, day) || !isTime(hour, minute, second)) return undefined;
  if (zoneHour === undefined) return text[10] === 'T' ? text : `${year}-${month}-${day}T${text.slice(11)}`;
  if (Math.abs(Number(zoneHour)) > 18 || Number(zoneMinute) > 59) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${utc}${zoneHour}:${zoneMinute}`;
}

function epochTimestamp(text: string, digits: number): string | undefined {
  if (!WHOLE.test(text)) return undefined;
  const unit = 10n ** BigInt(digits);
  const count = BigInt(text);
  const fraction = ((count % unit) + unit) % unit;
  const ms = Number((count - fraction) / unit) * 1000;
  if (ms < FIRST_MS || ms > LAST_MS) return undefined;
  const second = new Date(ms).toISOString().slice(0, 19);
  return digits === 0 ? `${second}Z` : `${second}.${String(fraction).padStart(digits, '0')}Z`;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day in the Gregorian calendar. */
function isDate(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
): boolean {
  const year = Number(yearText);
  const month = Number(monthText);
  const day = Number(dayText);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

function isTime(hour: string | undefined, minute: string | undefined, second: string | undefined): boolean {
  return Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59;
}
