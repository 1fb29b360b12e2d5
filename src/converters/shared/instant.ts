import { DAY_MS, utcMs } from '../../values/calendar.ts';

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_LONG = 2n ** 63n - 1n;

/**
 * A timestamp in units of 10^-digits s since 1970 (days, for a date, with digits null), exactly; text says what was
 * expected. Without a zone it is taken for UTC. A local one is what its clock shows, as if it were UTC.
 */
export function instantOf(text: string, digits: 3 | 6 | 9 | null, local = false): bigint | string {
  if (digits === null) return daysOf(text);
  const match = TIMESTAMP.exec(text);
  const ms = match === null ? null : utcMs(match[1] as string);
  if (match === null || ms === null) return 'a timestamp (2026-01-31T09:30:00.000Z)';
  const [, , fraction = '', zone = 'Z'] = match;
  if (local && zone !== 'Z') return 'a local timestamp, which has no zone';
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits)))
    return `a timestamp of at most ${digits} digits behind the second`;
  const seconds = BigInt(ms / 1000 - zoneSeconds(zone));
  const count = seconds * 10n ** BigInt(digits) + BigInt(kept);
  return count <= MAX_LONG && count >= -MAX_LONG
    ? count
    : 'a timestamp from 1677 to 2262, as nanoseconds are';
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60;
  return zone[0] === '-' ? -seconds : seconds;
}

function daysOf(text: string): bigint | string {
  const ms = DATE.test(text) ? utcMs(`${text}T00:00:00`) : null;
  return ms === null ? 'a date (2026-01-31)' : BigInt(ms / DAY_MS);
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?$/;

/** A time of day in units of 10^-digits s, exactly; text says what was expected. */
export function timeOfDay(text: string, digits: 3 | 6): number | string {
  const match = TIME.exec(text);
  if (match === null) return 'a time (09:30:00.000)';
  const [hours, minutes, seconds] = match.slice(1, 4).map(Number) as [number, number, number];
  const fraction = match[4] ?? '';
  if (/[1-9]/.test(fraction.slice(digits))) return `a time of at most ${digits} digits behind the second`;
  const count = (3600 * hours + 60 * minutes + seconds) * 10 ** digits;
  return count + Number(fraction.slice(0, digits).padEnd(digits, '0'));
}
