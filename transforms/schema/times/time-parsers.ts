import type { CellParser } from '../cell-parsers.ts';
import { EPOCH_DIGITS, epochTimestamp } from './epoch-time.ts';
import { isoDate, isoTime, isoTimestamp } from './iso-time.ts';
import { rfc1123Timestamp } from './rfc-1123.ts';
import { compilePattern, isoText } from './time-pattern.ts';
import { zonedParser } from './zoned-parser.ts';

/** Standard names, in small letters or as constants of java.time.format.DateTimeFormatter, and what they stand for. */
const NAMES = new Map([
  ['rfc3339', 'iso'],
  ['iso_date_time', 'iso'],
  ['iso_date', 'iso'],
  ['iso_time', 'iso'],
  ['basic_iso_date', 'yyyyMMdd'],
  ['http', 'rfc1123'],
  ['rfc_1123_date_time', 'rfc1123'],
]);

/** The format that a name stands for, where it is one. */
export function namedFormat(format = 'iso'): string {
  return NAMES.get(format) ?? NAMES.get(format.toLowerCase()) ?? format;
}

/**
 * Reads timestamps into ISO 8601, with the zone and the digits they came with. One that names no zone becomes UTC by
 * the clocks of `zone`; without that it keeps none, and whoever needs an instant takes it for UTC.
 */
export function timestampParser(format: string, zone?: string): CellParser | string {
  const parser = anyZoneParser(format);
  return typeof parser === 'string' || zone === undefined ? parser : zonedParser(parser, zone);
}

function anyZoneParser(format: string): CellParser | string {
  if (format === 'iso') {
    return { expected: 'a timestamp (2026-01-31T09:30:00.000Z)', parse: isoTimestamp };
  }
  const digits = EPOCH_DIGITS.get(format);
  if (digits !== undefined) {
    return { expected: `a timestamp (${format})`, parse: (text) => epochTimestamp(text, digits) };
  }
  if (format === 'rfc1123') {
    return { expected: 'a timestamp (Sat, 31 Jan 2026 09:30:00 GMT)', parse: rfc1123Timestamp };
  }
  const pattern = compilePattern(format);
  if (pattern === null) {
    const known = ['iso', 'rfc1123', ...EPOCH_DIGITS.keys()].join(', ');
    return `expected ${known} or a pattern of ${LETTERS}, HH, mm, ss, S, X and Z, got ${JSON.stringify(format)}`;
  }
  return {
    expected: `a timestamp (${format})`,
    parse(text) {
      const fields = pattern(text);
      return fields === null ? undefined : isoTimestamp(isoText(fields));
    },
  };
}

const LETTERS = 'yyyy, MM, MMM, dd';

/** Reads dates into `2026-01-31`. */
export function dateParser(format: string): CellParser | string {
  if (format === 'iso') return { expected: 'a date (2026-01-31)', parse: isoDate };
  const pattern = compilePattern(format);
  if (pattern === null) {
    return `expected iso, basic_iso_date or a pattern of ${LETTERS}, got ${JSON.stringify(format)}`;
  }
  return {
    expected: `a date (${format})`,
    parse(text) {
      const fields = pattern(text);
      return fields === null ? undefined : isoDate(`${fields.year}-${fields.month}-${fields.day}`);
    },
  };
}

/** Reads times of day into `09:30:00.000`, with the digits they came with. */
export function timeParser(format: string): CellParser | string {
  if (format === 'iso') return { expected: 'a time (09:30:00.000)', parse: isoTime };
  const pattern = compilePattern(format, 'time');
  if (pattern === null) {
    return `expected iso or a pattern of HH, mm, ss and S, got ${JSON.stringify(format)}`;
  }
  return {
    expected: `a time (${format})`,
    parse(text) {
      const fields = pattern(text);
      return fields === null ? undefined : isoTime(isoText(fields).slice('--T'.length));
    },
  };
}
