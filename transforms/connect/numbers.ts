const WHOLE = /^[+-]?[0-9]{1,30}$/;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const FLOAT = /^\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?\s*$/;
const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;

/** Longest decimal whose digits are all written out: an exponent must not make millions of them. */
const MAX_EXPONENT = 400;

/** A whole number of so many bits from text, as Java's `Integer.parseInt` reads it; null when it is none. */
export function parseWhole(text: string, bits: number): bigint | null {
  if (!WHOLE.test(text)) return null;
  const whole = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(bits, whole) === whole ? whole : null;
}

/** A number from text, as Java's `Double.parseDouble` reads it; null when it is none, or not finite. */
export function parseFloating(text: string): number | null {
  const number = Number(FLOAT.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** A decimal's whole part, whatever its size; null when it is no decimal. */
export function wholePart(text: string): bigint | null {
  if (!DECIMAL.test(text)) return null;
  const [mantissa = '', exponentText = '0'] = text.toLowerCase().split('e');
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT || mantissa.length > MAX_EXPONENT) return null;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const kept = point <= 0 ? '0' : digits.padEnd(point, '0').slice(0, point);
  return BigInt(`${sign}${kept === '' ? '0' : kept}`.replace(/^-(?=0*$)/, ''));
}

/** Java's narrowing of a double to an int of so many bits: held to 32 bits, then cut. */
export function narrowed(number: number, bits: 8 | 16 | 32): number {
  if (Number.isNaN(number)) return 0;
  const int = Math.min(Math.max(Math.trunc(number), -INT_MAX - 1), INT_MAX);
  return Number(BigInt.asIntN(bits, BigInt(int)));
}

/** Java's narrowing of a double to a long. */
export function narrowedLong(number: number): bigint {
  if (Number.isNaN(number)) return 0n;
  if (number >= 2 ** 63) return LONG_MAX;
  return number < -(2 ** 63) ? -LONG_MAX - 1n : BigInt(Math.trunc(number));
}
