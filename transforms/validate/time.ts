import type { CellParser } from './cell-parsers.ts';
import { compilePattern } from './time-pattern.ts';

const ISO_DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const ISO_ZONE = /^(?:Z|([+-][0-9]{2})(?::?([0-9]{2}))?)?$/;
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
      const ending = fraction === '' ? '' : `.${fraction}`;
      return isoTimestamp(`${year}-${month}-${day}T${hour}:${minute}:${second}${ending}`);
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
      return fields === null ? undefined : isoDate(`${fields.year}-${fields.month}-${fields.day}`);
    },
  };
}

function isoDate(text: string): string | undefined {
  const match = ISO_DATE.exec(text);
  return match !== null && isDate(Number(match[1]), Number(match[2]), Number(match[3])) ? text : undefined;
}

/** Most of the time a row takes is spent here, hence no expression over the whole text. */
function isoTimestamp(text: string): string | undefined {
  const separator = text[10];
  if (!isoSecond(text) || (separator !== 'T' && separator !== ' ')) return undefined;
  let end = 19;
  if (text[19] === '.') {
    end = 20;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === 20 || end > 20 + MAX_FRACTION_DIGITS) return undefined;
  }
  if (separator === 'T' && end === text.length - 1 && text[end] === 'Z') return text;
  const zone = isoZone(text.slice(end));
  return zone === undefined ? undefined : `${text.slice(0, 10)}T${text.slice(11, end)}${zone}`;
}

const MAX_FRACTION_DIGITS = 9;

/** Whether the text begins with a date and time to the second, whatever stands between the two. */
function isoSecond(text: string): boolean {
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return false;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const second = twoDigits(text, 17);
  if (century < 0 || year < 0 || second < 0) return false;
  return (
    isDate(century * 100 + year, twoDigits(text, 5), twoDigits(text, 8)) &&
    isTime(twoDigits(text, 11), twoDigits(text, 14), second)
  );
}

/** `Z`, `+10:30` or nothing, as ISO 8601 has it beside `:` in the time. */
function isoZone(text: string): string | undefined {
  const match = ISO_ZONE.exec(text);
  if (match === null) return undefined;
  const [, hour, minute = '00'] = match;
  if (hour === undefined) return text;
  return Math.abs(Number(hour)) <= 18 && Number(minute) <= 59 ? `${hour}:${minute}` : undefined;
}

/** The number that two digits make; -1 when they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : -1;
}

const ZERO = 48;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
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
function isDate(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

function isTime(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second <= 59;
}
