import { ZERO, ZULU } from './ascii.ts';
import { shortNumber, WORD_DIGITS } from './digits.ts';
import { MINUTE_BYTES } from './sizes.ts';

/*
 * Times in their plain form, `2026-01-31T09:30:00.123456Z` and `2026-01-31`, as numbers since 1970.
 */

/** Where the digits behind the second begin. */
const FRACTION_AT: usize = 20;
const SECOND_AT: usize = 17;
const MINUTES_A_DAY: i64 = 24 * 60;
const NANOS_A_MILLI: u32 = 1000000;
const MILLIS_A_SECOND: i64 = 1000;

/**
 * The timestamp from `start` to `end` as a number of 10^-digits s; -1 unless it is in UTC, from 1970 to 2199, where every
 * unit's numbers are far from the borders of a long, and has no more digits than the unit, but for zeros.
 *
 * @param last the minute of the timestamp before, and its seconds since 1970: those of rows are often the same
 */
export function timestampOf(start: usize, end: usize, digits: u32, last: usize): i64 {
  if (<u32>load<u8>(end - 1) !== ZULU) return -1;
  const minute = v128.load(start);
  if (v128.any_true(v128.xor(minute, v128.load(last)))) {
    const pairs = pairsAt(start);
    const century = <i32>i16x8.extract_lane_u(pairs, 0);
    const isTaken =
      century === 20 || century === 21 || (century === 19 && i16x8.extract_lane_u(pairs, 1) >= 70);
    if (!isTaken) return -1;
    v128.store(last, minute);
    store<i64>(last, minutesOf(pairs) * 60, MINUTE_BYTES);
  }
  const fraction = fractionOf(start, end, digits);
  if (fraction < 0) return -1;
  return (load<i64>(last, MINUTE_BYTES) + secondOf(start)) * unitOf(digits) + fraction;
}

/** Milliseconds of the timestamp from `start` to `end`, in UTC; what is behind them is cut off. */
export function millisOf(start: usize, end: usize): i64 {
  const seconds = minutesOf(pairsAt(start)) * 60 + secondOf(start);
  return seconds * MILLIS_A_SECOND + nanosOf(start, end) / NANOS_A_MILLI;
}

/** Days of a date. */
export function dateOf(start: usize): i32 {
  return daysOf(pairsAt(start));
}

/** The numbers that each two digits of `2026-01-31T09:30` make, in lanes of 16 bits. */
function pairsAt(at: usize): v128 {
  const digits = i8x16.sub(v128.load(at), i8x16.splat(<i8>ZERO));
  const together = i8x16(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1);
  const pairs = i8x16.swizzle(digits, together);
  const tens = i16x8.mul(v128.and(pairs, i16x8.splat(0xff)), i16x8.splat(10));
  return i16x8.add(tens, i16x8.shr_u(pairs, 8));
}

function minutesOf(pairs: v128): i64 {
  const minutes = <i64>i16x8.extract_lane_u(pairs, 4) * 60 + <i64>i16x8.extract_lane_u(pairs, 5);
  return <i64>daysOf(pairs) * MINUTES_A_DAY + minutes;
}

function secondOf(start: usize): i64 {
  return <i64>load<u8>(start, SECOND_AT) * 10 + <i64>load<u8>(start, SECOND_AT + 1) - 11 * ZERO;
}

function unitOf(digits: u32): i64 {
  return digits === 3 ? MILLIS_A_SECOND : digits === 6 ? 1000000 : 1000000000;
}

/** The fraction of a second as a number of 10^-digits s; -1 where it has more digits than that, but for zeros. */
function fractionOf(start: usize, end: usize, digits: u32): i64 {
  const at = start + FRACTION_AT;
  if (end - 1 <= at) return 0;
  const length = <u32>(end - 1 - at);
  const most = min(digits, WORD_DIGITS);
  if (length <= most) return shortNumber(at, length, most - length) * (digits > WORD_DIGITS ? 10 : 1);
  const nanos = nanosOf(start, end);
  const divisor: u32 = digits === 3 ? NANOS_A_MILLI : digits === 6 ? 1000 : 1;
  return nanos % divisor === 0 ? nanos / divisor : -1;
}

/** The fraction of a second, at most nine digits before the Z, in billionths. */
function nanosOf(start: usize, end: usize): u32 {
  const at = start + FRACTION_AT;
  if (end - 1 <= at) return 0;
  const length = <u32>(end - 1 - at);
  const first = min(length, WORD_DIGITS);
  const ninth = length > WORD_DIGITS ? <u32>load<u8>(at, <usize>WORD_DIGITS) - ZERO : 0;
  return <u32>shortNumber(at, first, WORD_DIGITS - first) * 10 + ninth;
}

/** By the proleptic Gregorian calendar (Howard Hinnant, days_from_civil), of the pairs of digits of a date. */
function daysOf(pairs: v128): i32 {
  const month = <u32>i16x8.extract_lane_u(pairs, 2);
  // Years begin in March, so that a leap day is the last of its year; from 400 years before, so that none is negative.
  const isEarly = u32(month <= 2);
  const year =
    <u32>i16x8.extract_lane_u(pairs, 0) * 100 + <u32>i16x8.extract_lane_u(pairs, 1) + 400 - isEarly;
  const dayOfYear = (153 * (month + 12 * isEarly - 3) + 2) / 5 + <u32>i16x8.extract_lane_u(pairs, 3) - 1;
  const century = year / 100;
  return <i32>(year * 365 + year / 4 - century + century / 4 + dayOfYear) - 719468 - 146097;
}
