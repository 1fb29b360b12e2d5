/** Every power of two up to `bits`, what is beside it, and their negatives. */
export function borders(bits: number): bigint[] {
  const near = Array.from({ length: bits + 1 }, (_, bit) => [
    2n ** BigInt(bit) - 1n,
    2n ** BigInt(bit),
    2n ** BigInt(bit) + 1n,
  ]);
  return near.flat().flatMap((value) => [value, -value]);
}
