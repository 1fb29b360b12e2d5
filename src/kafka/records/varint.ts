/** The most bytes that a zigzag varint of 32 bits takes. */
export const ZIGZAG_MAX = 5;
const INT32_MAX = 0x7fffffff;
const INT32_MIN = -0x80000000;

/** Bytes that the zigzag varint of a length takes; lengths are below 2^31. */
export function zigzagWidth(length: number): number {
  if (length < 64) return 1;
  if (length < 8192) return 2;
  if (length < 1048576) return 3;
  return length < 134217728 ? 4 : 5;
}

/** Writes a signed 32-bit number as a zigzag varint (Protocol Buffers' sint32) and returns where it ends. */
export function writeVarint(buffer: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let end = at;
  while (rest > 127) {
    buffer[end++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[end++] = rest;
  return end;
}

/** Writes a whole number as a zigzag varint of 64 bits and returns where it ends. */
export function writeVarlong(buffer: Uint8Array, at: number, value: number): number {
  if (value >= INT32_MIN && value <= INT32_MAX) return writeVarint(buffer, at, value);
  const whole = BigInt(value);
  let rest = BigInt.asUintN(64, (whole << 1n) ^ (whole >> 63n));
  let end = at;
  while (rest > 127n) {
    buffer[end++] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  buffer[end++] = Number(rest);
  return end;
}

/** Writes the decimal digits of a whole number from 0 to 2^53 - 1 and returns where they end. */
export function writeDecimal(buffer: Uint8Array, at: number, value: number): number {
  if (value > INT32_MAX) {
    const high = Math.floor(value / 1e9);
    const low = value - high * 1e9;
    const middle = writeDecimal(buffer, at, high);
    writeDigits(buffer, middle, low, 9);
    return middle + 9;
  }
  const digits = decimalWidth(value);
  writeDigits(buffer, at, value, digits);
  return at + digits;
}

function writeDigits(buffer: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    buffer[i] = 48 + rest - tenth * 10;
    rest = tenth;
  }
}

function decimalWidth(value: number): number {
  let width = 1;
  for (let bound = 10; value >= bound; bound *= 10) width++;
  return width;
}
