import type { ByteTarget } from './byte-writer.ts';

/*
 * Avro's binary encoding (https://avro.apache.org/docs/1.12.0/specification/#binary-encoding). Each function writes at
 * `at`, where there must be room, and gives the end.
 */

/** The most bytes of an int or long. */
export const MAX_LONG_BYTES = 10;

/** A long from 0 to 2^30: a length or an index. */
export function writeLong({ buffer }: ByteTarget, from: number, value: number): number {
  let at = from;
  let rest = 2 * value;
  while (rest > 0x7f) {
    buffer[at++] = rest | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

/** Any long. */
export function writeBigLong({ buffer }: ByteTarget, from: number, value: bigint): number {
  let at = from;
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (rest > 0x7fn) {
    buffer[at++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  buffer[at++] = Number(rest);
  return at;
}

/** Bytes with their length before them, or a fixed's without. */
export function writeBytes(target: ByteTarget, from: number, bytes: Uint8Array, isFixed: boolean): number {
  const at = isFixed ? from : writeLong(target, from, bytes.length);
  target.buffer.set(bytes, at);
  return at + bytes.length;
}
