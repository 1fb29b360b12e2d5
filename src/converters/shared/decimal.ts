const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The digits of a decimal as a whole number of 10^-scale; null when it is not a decimal or has more behind the point. */
export function unscaledOf(text: string, scale: number): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return sign === '-' ? -digits : digits;
}

/** A whole number in two's complement, highest byte first, in as few bytes as it takes: Java's BigInteger.toByteArray. */
export function twosComplement(value: bigint): Uint8Array {
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  const length = Math.floor(bits / 8) + 1;
  const hex = BigInt.asUintN(8 * length, value).toString(16);
  return Buffer.from(hex.padStart(2 * length, '0'), 'hex');
}

/** A decimal's bytes as Avro and Connect have them; null when it does not fit the scale. */
export function decimalBytes(text: string, scale: number): Uint8Array | null {
  const unscaled = unscaledOf(text, scale);
  return unscaled === null ? null : twosComplement(unscaled);
}
