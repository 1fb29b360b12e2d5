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
const DIGITS_BY_SIZE: readonly (readonly [least: number, unit: string])[] = [
  [18, 'epoch_ns'],
  [15, 'epoch_us'],
  [12, 'epoch_ms'],
  [0, 'epoch_s'],
];

/** The unit that a count since 1970 is in, by its size: seconds of the years up to 5138, milliseconds from 1973 on. */
export function epochUnit(text: string): string {
  const whole = text.replace(/^-?0*/, '').split('.', 1)[0] as string;
  return (DIGITS_BY_SIZE.find(([least]) => whole.length >= least) as readonly [number, string])[1];
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
  const unit = 10n ** BigInt(digits);
  const count = BigInt(whole + decimals);
  const fraction = ((count % unit) + unit) % unit;
  const ms = Number((count - fraction) / unit) * 1000;
  if (ms < FIRST_MS || ms > LAST_MS) return undefined;
  const second = new Date(ms).toISOString().slice(0, 19);
  return digits === 0 ? `${second}Z` : `${second}.${String(fraction).padStart(digits, '0')}Z`;
}
