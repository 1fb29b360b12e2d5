import { A_DAY, timeOfDay } from './epoch-time.ts';
import { MAX_FRACTION_DIGITS } from './iso-time.ts';

/** Digits after the second of each unit that counts from midnight. */
export const MIDNIGHT_DIGITS: ReadonlyMap<string, number> = new Map([
  ['midnight_s', 0],
  ['midnight_ms', 3],
  ['midnight_us', 6],
  ['midnight_ns', 9],
]);

const COUNT = /^([0-9]{1,20})(?:\.([0-9]{1,9}))?$/;

/** The time of day that a count since midnight is, in a unit of so many digits after the second. */
export function midnightTime(text: string, unitDigits: number): string | undefined {
  const [, whole = '', decimals = ''] = COUNT.exec(text) ?? [];
  const digits = unitDigits + decimals.length;
  if (whole === '' || digits > MAX_FRACTION_DIGITS) return undefined;
  // Those of a day are few enough for a double to hold them exactly.
  const count = Number(whole + decimals);
  const unit = 10 ** digits;
  const second = Math.floor(count / unit);
  if (second >= A_DAY) return undefined;
  const fraction = count - second * unit;
  return digits === 0 ? timeOfDay(second) : `${timeOfDay(second)}.${String(fraction).padStart(digits, '0')}`;
}
