import { isDay } from '../../src/values/calendar.ts';

const ISO =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

/** Milliseconds since 1970 of ISO 8601 (UTC where no zone is named) or of a number; null when it is neither. */
export function millisecondsOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? fromIso(value) : fromNumber(value);
  // Kafka has no negative timestamps.
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : null;
}

function fromNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

function fromIso(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const [, date, zone] = match;
  if (!isDay(date as string)) return Number.NaN;
  return Date.parse(text.includes('T') && zone === undefined ? `${text}Z` : text);
}
