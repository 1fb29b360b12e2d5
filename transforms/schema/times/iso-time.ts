const ISO_DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const ISO_ZONE = /^(?:Z|([+-][0-9]{2})(?::?([0-9]{2}))?)?$/;
/** Down to the nanosecond. */
export const MAX_FRACTION_DIGITS = 9;

/** The date itself; undefined when there is no such day. */
export function isoDate(text: string): string | undefined {
  const match = ISO_DATE.exec(text);
  return match !== null && isDate(Number(match[1]), Number(match[2]), Number(match[3])) ? text : undefined;
}

const ISO_TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?$/;

/** The time of day itself; undefined when it is none. */
export function isoTime(text: string): string | undefined {
  return ISO_TIME.test(text) ? text : undefined;
}

/**
 * The timestamp with `T` before the time and `:` in the zone; undefined when it is not one. Most of the time a row
 * takes is spent here, hence no expression over the whole text.
 */
export function isoTimestamp(text: string): string | undefined {
  const separator = text[10];
  if (!isoSecond(text) || (separator !== 'T' && separator !== ' ')) return undefined;
  let end = 19;
  if (text[19] === '.') {
    end = 20;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === 20 || end > 20 + MAX_FRACTION_DIGITS) return undefined;
  }
  if (separator === 'T' && end === text.length - 1 && text[end] === 'Z') return text;
  const zone = isoZone(text.slice(end));
  return zone === undefined ? undefined : `${text.slice(0, 10)}T${text.slice(11, end)}${zone}`;
}

/** Whether the text begins with a date and time to the second, whatever stands between the two. */
function isoSecond(text: string): boolean {
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return false;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const second = twoDigits(text, 17);
  if (century < 0 || year < 0 || second < 0) return false;
  return (
    isDate(century * 100 + year, twoDigits(text, 5), twoDigits(text, 8)) &&
    isTime(twoDigits(text, 11), twoDigits(text, 14), second)
  );
}

/** `Z`, `+10:30` or nothing, as ISO 8601 has it beside `:` in the time. */
function isoZone(text: string): string | undefined {
  const match = ISO_ZONE.exec(text);
  if (match === null) return undefined;
  const [, hour, minute = '00'] = match;
  if (hour === undefined) return text;
  return Math.abs(Number(hour)) <= 18 && Number(minute) <= 59 ? `${hour}:${minute}` : undefined;
}

/** The number that two digits make; -1 when they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : -1;
}

const ZERO = 48;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day in the Gregorian calendar. */
function isDate(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

function isTime(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second <= 59;
}
