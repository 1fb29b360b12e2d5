import { MAX_FRACTION_DIGITS } from './iso-time.ts';

const EPOCH = /^(-?[0-9]{1,20})(?:\.([0-9]{1,9}))?$/;

/** Digits after the second of each unit that counts from 1970. */
export const EPOCH_DIGITS: ReadonlyMap<string, number> = new Map([
  ['epoch_s', 0],
  ['epoch_ms', 3],
  ['epoch_us', 6],
  ['epoch_ns', 9],
]);

/** Counts of so many digits and more are in the next smaller unit: none of them is so far in the past or future. */
const DIGITS_BY_SIZE = [
  [18, 'epoch_ns'],
  [15, 'epoch_us'],
  [12, 'epoch_ms'],
  [0, 'epoch_s'],
] as const;

/** The unit that a count since 1970 is in, by its size: seconds of the years up to 5138, milliseconds from 1973 on. */
export function epochUnit(text: string): string {
  const point = text.indexOf('.');
  let start = text.startsWith('-') ? 1 : 0;
  while (text[start] === '0') start++;
  const digits = (point < 0 ? text.length : point) - start;
  return (DIGITS_BY_SIZE.find(([least]) => digits >= least) ?? DIGITS_BY_SIZE[0])[1];
}

/** Milliseconds of the years 1 to 9999, all that ISO 8601 writes with four digits. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** ISO 8601 with all digits of a count since 1970, whose unit has so many digits after the second. */
export function epochTimestamp(text: string, unitDigits: number): string | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const [, whole = '', decimals = ''] = match;
  const digits = unitDigits + decimals.length;
  if (digits > MAX_FRACTION_DIGITS) return undefined;
  if (whole.length + decimals.length <= EXACT_DIGITS) return exactTimestamp(Number(whole + decimals), digits);
  const unit = 10n ** BigInt(digits);
  const count = BigInt(whole + decimals);
  const fraction = ((count % unit) + unit) % unit;
  return isoOf(Number((count - fraction) / unit), fraction, digits);
}

/** A double holds every whole number of so many digits. */
const EXACT_DIGITS = 15;

function exactTimestamp(count: number, digits: number): string | undefined {
  const unit = 10 ** digits;
  const seconds = Math.floor(count / unit);
  return isoOf(seconds, count - seconds * unit, digits);
}

function isoOf(seconds: number, fraction: number | bigint, digits: number): string | undefined {
  const ms = seconds * 1000;
  if (ms < FIRST_MS || ms > LAST_MS) return undefined;
  const second = isoSecond(seconds);
  return digits === 0 ? `${second}Z` : `${second}.${String(fraction).padStart(digits, '0')}Z`;
}

export const A_DAY = 86_400;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
/** The day that was written last, which is mostly the next one's too. */
let lastDay = Number.NaN;
let lastDate = '';

/** A second of a day as ISO 8601 has it. */
export function timeOfDay(second: number): string {
  const minute = Math.floor(second / 60);
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return `${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[second % 60]}`;
}

function isoSecond(seconds: number): string {
  const day = Math.floor(seconds / A_DAY);
  if (day !== lastDay) {
    lastDate = new Date(day * A_DAY * 1000).toISOString().slice(0, 'yyyy-MM-dd'.length);
    lastDay = day;
  }
  return `${lastDate}T${timeOfDay(seconds - day * A_DAY)}`;
}
