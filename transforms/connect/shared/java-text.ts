import type { FieldType } from '../../../src/plugin/index.ts';

/**
 * The text of a number as Java's `toString` writes it: `100.0` and `1.0E10` for a double or float, digits alone for
 * anything else. Without a schema a whole number of 32 bits is an Integer, as everywhere here, and any other a Double.
 */
export function numberText(number: number | bigint, type: FieldType | null): string {
  if (typeof number === 'bigint') return number.toString();
  const isFloating = type === 'double' || type === 'float' || (type === null && !isInteger32(number));
  if (!isFloating || !Number.isFinite(number)) return String(number);
  return floatingText(type === 'float' ? shortestFloat(number) : number);
}

/** Whether a number without a schema is taken for an Integer. */
export function isInteger32(number: number): boolean {
  return number === (number | 0);
}

/** The double of the fewest digits that is the same float. */
function shortestFloat(number: number): number {
  const float = Math.fround(number);
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(float.toPrecision(digits));
    if (Math.fround(shorter) === float) return shorter;
  }
  return float;
}

function floatingText(number: number): string {
  const size = Math.abs(number);
  const sign = number < 0 || Object.is(number, -0) ? '-' : '';
  if (size === 0) return `${sign}0.0`;
  // Without an exponent JavaScript writes numbers of this size, too.
  if (size >= 1e-3 && size < 1e7) return withFraction(String(number));
  const [mantissa = '', exponent = ''] = number.toExponential().split('e');
  return `${withFraction(mantissa)}E${exponent.replace('+', '')}`;
}

function withFraction(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`;
}
