/** What `String.prototype.trim` takes away, in UTF-8: one, two or three bytes each. */
const WHITE_SPACE = new Set(
  Array.from(
    '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
  ).map((character) => codeOf(Buffer.from(character), 0, Buffer.byteLength(character))),
);
/** Bytes of the longest of them. */
export const WHITE_SPACE_MAX_BYTES = 3;

const SPACE = 0x20;

function isVisibleAscii(byte: number): boolean {
  return byte > SPACE && byte < 0x7f;
}

function codeOf(data: Buffer, at: number, length: number): number {
  let code = length;
  for (let i = at; i < at + length; i++) code = code * 256 + (data[i] as number);
  return code;
}

/** Bytes of the white space that begins at `at`; 0 when there is none. */
export function whiteSpaceAt(data: Buffer, at: number): number {
  const byte = data[at] as number;
  if (byte < 0x80) return WHITE_SPACE.has(codeOf(data, at, 1)) ? 1 : 0;
  const length = byte < 0xe0 ? 2 : 3;
  return at + length <= data.length && WHITE_SPACE.has(codeOf(data, at, length)) ? length : 0;
}

/** Where `data[start, end)` begins without the white space at its beginning. */
export function trimmedStart(data: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = data[at] as number;
    const length = byte === SPACE ? 1 : isVisibleAscii(byte) ? 0 : whiteSpaceAt(data, at);
    if (length === 0) return at;
    at += length;
  }
  return end;
}

/** Where `data[start, end)` ends without the white space at its end. */
export function trimmedEnd(data: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && data[at - 1] === SPACE) at--;
  if (at === start || isVisibleAscii(data[at - 1] as number)) return at;
  for (let length = 1; length <= WHITE_SPACE_MAX_BYTES && at - length >= start; ) {
    if (whiteSpaceAt(data, at - length) !== length) length++;
    else {
      at -= length;
      length = 1;
    }
  }
  return at;
}
