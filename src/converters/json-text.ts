import type { Cells, CellTarget } from '../plugin/index.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LETTERS_APART = 0x20;
/** One byte four times. */
const IN_EACH = 0x01010101;
const HIGH_BITS = 0x80808080;

/** Copies a cell as the inside of a JSON string and gives the end. */
export function writeJsonText(
  target: CellTarget,
  from: number,
  cells: Cells,
  start: number,
  end: number,
): number {
  let at = from;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = cells.view.getInt32(i, true);
    if (mustEscape(word)) at = writeBytes(target.buffer, at, cells.bytes, i, i + 4);
    else {
      target.view.setInt32(at, word, true);
      at += 4;
    }
  }
  return writeBytes(target.buffer, at, cells.bytes, i, end);
}

/** Whether one of four bytes is a quote, a backslash or a control character (Bit Twiddling Hacks, "haszero", "hasless"). */
function mustEscape(word: number): boolean {
  const quotes = word ^ (QUOTE * IN_EACH);
  const backslashes = word ^ (BACKSLASH * IN_EACH);
  const found =
    ((word - FIRST_PRINTABLE * IN_EACH) & ~word) |
    ((quotes - IN_EACH) & ~quotes) |
    ((backslashes - IN_EACH) & ~backslashes);
  return (found & HIGH_BITS) !== 0;
}

function writeBytes(target: Buffer, from: number, bytes: Buffer, start: number, end: number): number {
  let at = from;
  for (let i = start; i < end; i++) at = writeByte(target, at, bytes[i] as number);
  return at;
}

function writeByte(target: Buffer, at: number, byte: number): number {
  if (byte >= FIRST_PRINTABLE && byte !== QUOTE && byte !== BACKSLASH) {
    target[at] = byte;
    return at + 1;
  }
  const escaped = ESCAPES[byte] as Buffer;
  target.set(escaped, at);
  return at + escaped.length;
}

const ESCAPES = Array.from({ length: BACKSLASH + 1 }, (_, byte) =>
  Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
);

/** The same, with ASCII letters in lower or upper case. */
export function writeJsonTextIn(toCase: 'lower' | 'upper'): typeof writeJsonText {
  const [first, last] = toCase === 'lower' ? [0x41, 0x5a] : [0x61, 0x7a];
  return (target, from, { bytes }, start, end) => {
    let at = from;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      at = writeByte(target.buffer, at, byte >= first && byte <= last ? byte ^ LETTERS_APART : byte);
    }
    return at;
  };
}
