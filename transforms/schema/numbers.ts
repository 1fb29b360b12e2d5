import type { CellParser } from './cell-parsers.ts';
import type { FieldDeclaration } from './field-declaration.ts';

/*
 * Numbers are written as JSON has them, but may begin with zeros: no `+`, no `.5` or `5.`, no white space, no
 * separators, no hexadecimal, no NaN, no Infinity. What does not fit its type is not rounded.
 */
const WHOLE = /^-?[0-9]+$/;
const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const PLAIN = /^-?[0-9]+(?:\.[0-9]+)?$/;

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
/** A double holds so many digits exactly, and is read much faster than a bigint. */
const EXACT_DIGITS = 15;
/** No number that is exact in 64 bits has more; BigInt takes quadratic time over long text. */
const MAX_DIGITS = 400;

export function parseInt32(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = Number(text);
  // Adding 0 makes 0 of -0.
  return value >= INT_MIN && value <= INT_MAX ? value + 0 : undefined;
}

export function parseLong(text: string): bigint | undefined {
  if (text.length > MAX_DIGITS || !WHOLE.test(text)) return undefined;
  if (text.length <= EXACT_DIGITS) return BigInt(Number(text));
  const value = BigInt(text);
  return value >= LONG_MIN && value <= LONG_MAX ? value : undefined;
}

export function parseDouble(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The number as written, as long as it is within the range of 32 bits. */
export function parseFloat32(text: string): number | undefined {
  const value = parseDouble(text);
  return value !== undefined && Number.isFinite(Math.fround(value)) ? value : undefined;
}

/** Reads words in letters of either case. */
export function booleanParser({
  trueValues = ['true'],
  falseValues = ['false'],
}: FieldDeclaration): CellParser {
  const words = new Map([
    ...falseValues.map((word) => [word, false] as const),
    ...trueValues.map((word) => [word, true] as const),
  ]);
  const longest = Math.max(...Array.from(words.keys(), ({ length }) => length));
  return {
    expected: `a boolean (${trueValues.join(', ')} or ${falseValues.join(', ')})`,
    parse: (text) => words.get(text) ?? (text.length > longest ? undefined : words.get(text.toLowerCase())),
  };
}

/**
 * Decimals keep the text, but for zeros that are more than `scale` digits after the point: 17.50 of scale 1 is 17.5.
 * `precision - scale` digits may stand before it.
 */
export function decimalParser(precision: number | undefined, scale: number | undefined): CellParser {
  const before = precision === undefined ? Number.POSITIVE_INFINITY : precision - (scale ?? 0);
  const after = scale ?? (precision === undefined ? Number.POSITIVE_INFINITY : 0);
  const of = precision === undefined ? [] : [`precision ${precision}`];
  if (scale !== undefined || precision !== undefined) of.push(`scale ${scale ?? 0}`);
  return {
    expected: of.length === 0 ? 'a decimal' : `a decimal of ${of.join(', ')}`,
    parse: (text) => (PLAIN.test(text) ? fitted(text, before, after) : undefined),
  };
}

function fitted(text: string, before: number, after: number): string | undefined {
  const point = text.indexOf('.');
  const whole = point < 0 ? text.length : point;
  let start = text.startsWith('-') ? 1 : 0;
  while (start < whole && text[start] === '0') start++;
  if (whole - start > before) return undefined;
  const last = after === 0 ? whole : whole + 1 + after;
  if (point < 0 || text.length <= last) return text;
  for (let i = last; i < text.length; i++) if (text[i] !== '0' && i !== whole) return undefined;
  return text.slice(0, last);
}
