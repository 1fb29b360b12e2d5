import type { FieldDeclaration } from './field-declaration.ts';
import { namedFormat } from './time.ts';

/**
 * Whether a cell that is not empty is of a field's type in its plain form, the one whose text is the value's. False says
 * nothing against it: the general path decides. May narrow the cell, whose start and end are `bounds[at]` and the next.
 */
export type CellCheck = (bytes: Buffer, bounds: Uint32Array, at: number) => boolean;

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;

/** Whole numbers of so many digits fit their type whatever the digits are. */
const INT_DIGITS = 9;
const LONG_DIGITS = 18;
/** A double keeps so many digits, so its text comes out as it went in. */
const DOUBLE_DIGITS = 15;
/** Smaller than this many zeros after the point, JSON has the number with an exponent. */
const FRACTION_ZEROS = 6;

/** The check of a field's cells; null when all of them take the general path. */
export function cellCheck(field: FieldDeclaration): CellCheck | null {
  switch (field.type) {
    case 'string':
      return () => true;
    case 'int':
      return wholeNumber(INT_DIGITS);
    case 'long':
      return wholeNumber(LONG_DIGITS);
    case 'float':
    case 'double':
      return hasPoint(field) ? isPlainDouble : null;
    case 'boolean':
      return oneOf(['true', 'false']);
    case 'decimal':
      return hasPoint(field) ? plainDecimal(field) : null;
    case 'timestamp':
      return namedFormat(field.format) === 'iso' ? isPlainTimestamp : null;
    case 'date':
      return namedFormat(field.format) === 'iso' ? isPlainDate : null;
    case 'enum':
      return field.case === undefined
        ? oneOf(field.symbols ?? [])
        : oneOfInCase(field.symbols ?? [], field.case);
    default:
      return null;
  }
}

/** Plain numbers are so in any notation that has a point. */
function hasPoint({ decimal = '.' }: FieldDeclaration): boolean {
  return decimal === '.';
}

function wholeNumber(maxDigits: number): CellCheck {
  return (bytes, bounds, at) => {
    let start = bounds[at] as number;
    const end = bounds[at + 1] as number;
    if (bytes[start] === MINUS) start++;
    const digits = end - start;
    if (digits < 1 || digits > maxDigits) return false;
    // -0 and 007 are numbers, but not in their plain form.
    if (bytes[start] === ZERO && end - (bounds[at] as number) > 1) return false;
    return areDigits(bytes, start, end);
  };
}

/** Takes the zeros off the end of the fraction: 17.50 is the number that JSON writes as 17.5. */
function isPlainDouble(bytes: Buffer, bounds: Uint32Array, at: number): boolean {
  let start = bounds[at] as number;
  let end = bounds[at + 1] as number;
  const negative = bytes[start] === MINUS;
  if (negative) start++;
  if (end - start > DOUBLE_DIGITS + 1) return false;
  let point = start;
  while (point < end && isDigit(bytes[point] as number)) point++;
  if (point === start || (bytes[start] === ZERO && point - start > 1)) return false;
  if (point < end) {
    if (bytes[point] !== DOT || point + 1 === end || !areDigits(bytes, point + 1, end)) return false;
    while (bytes[end - 1] === ZERO) end--;
    if (end === point + 1) end = point;
  }
  if (end - start > DOUBLE_DIGITS + (point < end ? 1 : 0)) return false;
  if (bytes[start] === ZERO && !isPlainFraction(bytes, point, end, negative)) return false;
  bounds[at + 1] = end;
  return true;
}

/** Of a number below 1: zero without a sign, or a fraction that JSON writes without an exponent. */
function isPlainFraction(bytes: Buffer, point: number, end: number, negative: boolean): boolean {
  if (point === end) return !negative;
  let zeros = 0;
  while (bytes[point + 1 + zeros] === ZERO) zeros++;
  return zeros < FRACTION_ZEROS;
}

/** Takes the zeros off that are more than `scale` digits after the point. */
function plainDecimal({ precision, scale }: FieldDeclaration): CellCheck {
  const before = precision === undefined ? Number.POSITIVE_INFINITY : precision - (scale ?? 0);
  const after = scale ?? (precision === undefined ? Number.POSITIVE_INFINITY : 0);
  return (bytes, bounds, at) => {
    let start = bounds[at] as number;
    let end = bounds[at + 1] as number;
    if (bytes[start] === MINUS) start++;
    let point = start;
    while (point < end && isDigit(bytes[point] as number)) point++;
    if (point === start) return false;
    while (bytes[start] === ZERO && start < point) start++;
    if (point - start > before) return false;
    if (point === end) return true;
    if (bytes[point] !== DOT || point + 1 === end || !areDigits(bytes, point + 1, end)) return false;
    while (end - point - 1 > after && bytes[end - 1] === ZERO) end--;
    if (end - point - 1 > after) return false;
    bounds[at + 1] = end === point + 1 ? point : end;
    return true;
  };
}

/** `2026-01-31T09:30:00Z`, with a fraction or without. */
function isPlainTimestamp(bytes: Buffer, bounds: Uint32Array, at: number): boolean {
  const start = bounds[at] as number;
  const end = bounds[at + 1] as number;
  const length = end - start;
  if (length < 20 || length === 21 || length > 30 || bytes[end - 1] !== 0x5a || bytes[start + 10] !== 0x54)
    return false;
  if (length > 20 && (bytes[start + 19] !== DOT || !areDigits(bytes, start + 20, end - 1))) return false;
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false;
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  return hour <= 23 && minute <= 59 && second <= 59 && isDay(bytes, start);
}

function isPlainDate(bytes: Buffer, bounds: Uint32Array, at: number): boolean {
  const start = bounds[at] as number;
  return (bounds[at + 1] as number) - start === 10 && isDay(bytes, start);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `2026-01-31` stands at `at` and is a day of the Gregorian calendar. */
function isDay(bytes: Buffer, at: number): boolean {
  if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS) return false;
  const century = twoDigits(bytes, at);
  const ofCentury = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (century > 99 || ofCentury > 99 || month < 1 || month > 12 || day < 1) return false;
  const year = century * 100 + ofCentury;
  if (year === 0) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] as number) + (leap ? 1 : 0);
}

const NOT_DIGITS = 1000;

/** The number that two digits make; far too large when they are not digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : NOT_DIGITS;
}

function oneOf(words: readonly string[]): CellCheck {
  const known = words.map((word) => Buffer.from(word));
  return (bytes, bounds, at) => {
    const start = bounds[at] as number;
    const end = bounds[at + 1] as number;
    return known.some((word) => equals(bytes, start, end, word));
  };
}

const LETTERS_APART = 0x20;

/** Words that are in this case already, found by cells in any. Those beyond ASCII are for the general path. */
function oneOfInCase(words: readonly string[], toCase: 'lower' | 'upper'): CellCheck {
  const inCase = words.filter(
    (word) => word === (toCase === 'lower' ? word.toLowerCase() : word.toUpperCase()),
  );
  const known = inCase.map((word) => Buffer.from(word)).filter((word) => word.every((byte) => byte < 0x80));
  return (bytes, bounds, at) => {
    const start = bounds[at] as number;
    const end = bounds[at + 1] as number;
    for (const word of known) if (equalsInAnyCase(bytes, start, end, word)) return true;
    return false;
  };
}

function equalsInAnyCase(bytes: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i] as number;
    const letter = byte | LETTERS_APART;
    if (byte === word[i]) continue;
    if (letter < LETTER_A || letter > LETTER_Z || letter !== ((word[i] as number) | LETTERS_APART))
      return false;
  }
  return true;
}

/** Whether the bytes from `start` to `end` are those of a word. */
export function equals(bytes: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

function areDigits(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(bytes[i] as number)) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
