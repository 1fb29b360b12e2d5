const WHOLE = /^[+-]?[0-9]{1,30}$/;
// Digits that could be on either side of a missing point would be tried on both.
const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const FLOAT = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?$/;
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
  const number = Number(FLOAT.exec(text.trim())?.[1] ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** A decimal without sign of plus or exponent: `-0.0125` for `-1.25e-2`; null when it is none. */
export function plainDecimal(text: string): string | null {
  const parts = decimalParts(text);
  if (parts === null) return null;
  const { sign, digits, point } = parts;
  const padded = digits.padStart(digits.length - Math.min(point - 1, 0), '0').padEnd(point, '0');
  const whole = Math.max(point, 1);
  const fraction = padded.slice(whole);
  const plain = `${padded.slice(0, whole).replace(/^0+(?=\d)/, '')}${fraction === '' ? '' : `.${fraction}`}`;
  return /[1-9]/.test(plain) ? sign + plain : plain;
}

/** A decimal's whole part, whatever its size; null when it is no decimal. */
export function wholePart(text: string): bigint | null {
  const parts = decimalParts(text);
  if (parts === null) return null;
  const { sign, digits, point } = parts;
  const kept = point <= 0 ? '' : digits.padEnd(point, '0').slice(0, point);
  const whole = BigInt(kept === '' ? '0' : kept);
  return sign === '-' ? -whole : whole;
}

/** A decimal's digits, and how many of them stand before the point; null when it is none or too long. */
function decimalParts(text: string): { sign: '-' | ''; digits: string; point: number } | null {
  if (!DECIMAL.test(text)) return null;
  const [mantissa = '', exponentText = '0'] = text.toLowerCase().split('e');
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT || mantissa.length > MAX_EXPONENT) return null;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  return { sign, digits: whole + fraction, point: whole.length + exponent };
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
