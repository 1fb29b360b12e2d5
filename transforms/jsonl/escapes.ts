export const BACKSLASH = 0x5c;
export const LOWER_U = 0x75;

/** Copies a text without its escapes to `to` in the same memory, and gives the end of the copy: it is no longer. */
export function copyUnescaped(text: Buffer, start: number, end: number, to: number): number {
  let out = to;
  for (let at = start; at < end; ) {
    const byte = text[at] as number;
    if (byte !== BACKSLASH) {
      text[out++] = byte;
      at++;
      continue;
    }
    const kind = text[at + 1] as number;
    if (kind !== LOWER_U) {
      text[out++] = SHORT_ESCAPES.get(kind) ?? kind;
      at += 2;
      continue;
    }
    const unit = hexUnit(text, at + 2);
    const isPair = unit >= 0xd800 && unit <= 0xdfff;
    const point = isPair ? 0x10000 + ((unit - 0xd800) << 10) + hexUnit(text, at + 8) - 0xdc00 : unit;
    out = writeCharacter(text, out, point);
    at += isPair ? 12 : 6;
  }
  return out;
}

const SHORT_ESCAPES = new Map(
  [...'bfnrt'].map((letter, i) => [letter.charCodeAt(0), [8, 12, 10, 13, 9][i] as number]),
);

function writeCharacter(text: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    text[at] = point;
    return at + 1;
  }
  const length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (let i = length - 1, rest = point; i >= 0; i--, rest >>= 6)
    text[at + i] = i > 0 ? 0x80 | (rest & 0x3f) : ((0xf00 >> length) & 0xff) | rest;
  return at + length;
}

/** The number that four hexadecimal digits are; -1 where they are none. */
export function hexUnit(text: Buffer, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(text[i] as number);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
