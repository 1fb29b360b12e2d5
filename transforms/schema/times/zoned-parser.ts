import { TimeZone } from '../../../src/values/time-zone.ts';
import type { CellParser } from '../cell-parsers.ts';

/** Where the zone or fraction of ISO 8601 begins, and the date and time end. */
const SECOND_END = 19;
const ZONE = /Z$|[+-][0-9]{2}:[0-9]{2}$/;

/** Makes UTC of the timestamps that name no zone, which are times of `name`. */
export function zonedParser(parser: CellParser, name: string): CellParser {
  const zone = new TimeZone(name);
  return {
    expected: `${parser.expected} that clocks of ${name} show`,
    parse(text) {
      const read = parser.parse(text);
      return typeof read !== 'string' || ZONE.test(read) ? read : utc(read, zone);
    },
  };
}

function utc(timestamp: string, zone: TimeZone): string | undefined {
  const shown = Date.parse(`${timestamp.slice(0, SECOND_END)}Z`) / 1000;
  const instant = zone.instantOf(shown);
  if (instant === null) return undefined;
  const text = new Date(instant * 1000).toISOString();
  // Other years have a sign and more digits.
  return text.length === FOUR_DIGIT_YEAR && !text.startsWith('0000')
    ? `${text.slice(0, SECOND_END)}${timestamp.slice(SECOND_END)}Z`
    : undefined;
}

const FOUR_DIGIT_YEAR = '2026-01-31T09:30:00.000Z'.length;
