/*
 * Reads the cells of times in their plain form, `2026-01-31T09:30:00.123456Z` and `2026-01-31`, without making text or
 * a Date of them. What stands there is known to be a time: nothing is checked.
 */

const SECONDS_A_DAY = 86_400;
const FRACTION_AT = 20;

/** Whole seconds since 1970 of the timestamp that starts at `start`; its fraction is left out. */
export function cellSeconds(bytes: Uint8Array, start: number): number {
  const seconds =
    twoDigits(bytes, start + 11) * 3600 + twoDigits(bytes, start + 14) * 60 + twoDigits(bytes, start + 17);
  return cellDays(bytes, start) * SECONDS_A_DAY + seconds;
}

/** The fraction of the timestamp from `start` to `end` in units of 10^-digits s; digits beyond are cut off. */
export function cellFraction(bytes: Uint8Array, start: number, end: number, digits: number): number {
  let fraction = 0;
  for (let i = 0; i < digits; i++) {
    const at = start + FRACTION_AT + i;
    // The last byte is the Z.
    fraction = fraction * 10 + (at < end - 1 ? digit(bytes, at) : 0);
  }
  return fraction;
}

/**
 * Days since 1970 of the date that starts at `start`, by the proleptic Gregorian calendar (Howard Hinnant,
 * chrono-Compatible Low-Level Date Algorithms, days_from_civil).
 */
export function cellDays(bytes: Uint8Array, start: number): number {
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  // Years begin in March, so that a leap day is the last of its year.
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.trunc((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.trunc(yearOfEra / 4) - Math.trunc(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function digit(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) - 0x30;
}
