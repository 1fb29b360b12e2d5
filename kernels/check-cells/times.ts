import { COLON, DOT, ZULU } from '../lib/ascii.ts';
import { digitsAt } from '../lib/digits.ts';
import { LANES } from '../lib/lanes.ts';

/** Bytes of `2026-01-31`, of `2026-01-31T09:30:00Z` and of the same with nine digits of a second. */
const DATE_BYTES: usize = 10;
const SHORTEST: usize = 20;
const LONGEST: usize = 30;

/**
 * `2026-01-31T09:30:00Z`, with a fraction or without.
 *
 * @param last the minute of the timestamp before: those of rows are often the same
 */
export function isTimestamp(start: usize, end: usize, last: usize): bool {
  const length = end - start;
  if (length - SHORTEST > LONGEST - SHORTEST || length === SHORTEST + 1) return false;
  const minute = v128.load(start);
  if (v128.any_true(v128.xor(minute, v128.load(last)))) {
    const values = minuteValues(start);
    if (!isMinute(values, 0xffff)) return false;
    const later: u64 = i64x2.extract_lane(values, 1);
    if (twoDigits(later >> 24) > 23 || !isDay(values)) return false;
    v128.store(last, minute);
  }
  return isSecond(start + LANES, end);
}

export function isDate(start: usize, end: usize): bool {
  if (end - start !== DATE_BYTES) return false;
  const values = minuteValues(start);
  return isMinute(values, (1 << (<u32>DATE_BYTES)) - 1) && isDay(values);
}

/** How far each of 16 bytes is above that of `0000-00-00T00:00`. */
function minuteValues(at: usize): v128 {
  const zero = i8x16(
    0x30,
    0x30,
    0x30,
    0x30,
    0x2d,
    0x30,
    0x30,
    0x2d,
    0x30,
    0x30,
    0x54,
    0x30,
    0x30,
    0x3a,
    0x30,
    0x30,
  );
  return i8x16.sub(v128.load(at), zero);
}

/** Whether none is more than in `9999-19-39T29:59`. */
function isMinute(values: v128, lanes: u32): bool {
  const most = i8x16(9, 9, 9, 9, 0, 1, 9, 0, 3, 9, 0, 2, 9, 0, 5, 9);
  return (i8x16.bitmask(i8x16.le_u(values, most)) & lanes) === lanes;
}

/** Whether `:00Z` stands at `at` and ends at `end`, with a fraction before the Z or without. */
function isSecond(at: usize, end: usize): bool {
  const length = <u32>(end - at);
  const digits = ((1 << (length - 1)) - 1) & ~0b1001;
  if ((digitsAt(at) & digits) !== digits || <u32>load<u8>(at, 1) > 0x35) return false;
  if (<u32>load<u8>(at) !== COLON || <u32>load<u8>(end - 1) !== ZULU) return false;
  return length === 4 || <u32>load<u8>(at, 3) === DOT;
}

/** Whether there is such a day in the Gregorian calendar. */
function isDay(values: v128): bool {
  const yearAndMonth: u64 = i64x2.extract_lane(values, 0);
  const month = twoDigits(yearAndMonth >> 40);
  const day = twoDigits(i64x2.extract_lane(values, 1));
  if (<u32>yearAndMonth === 0 || month - 1 > 11 || day === 0) return false;
  if (day <= 28) return true;
  if (month === 2) return day === 29 && isLeapYear(twoDigits(yearAndMonth), twoDigits(yearAndMonth >> 16));
  // The months with 31 days are the odd ones until July and the even ones from August on.
  return day <= 30 + ((month ^ (month >> 3)) & 1);
}

function isLeapYear(century: u32, ofCentury: u32): bool {
  return ((ofCentury === 0 ? century : ofCentury) & 3) === 0;
}

/** Of digits' values, the first in the lowest byte. */
function twoDigits(values: u64): u32 {
  return (<u32>values & 0xff) * 10 + ((<u32>values >> 8) & 0xff);
}
