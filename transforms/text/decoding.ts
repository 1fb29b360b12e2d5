import { isUtf8 } from 'node:buffer';
import { DOUBLE_BYTE_ENCODINGS, type DoubleByteEncoding, doubleByte } from './double-byte.ts';
import type { Encoding } from './encoding.ts';

/** Makes UTF-8 of a file's bytes, and finds the way back from lengths in UTF-8 to lengths in the file. */
export interface TextDecoding {
  /** What bytes are expected to be, and what is said of those that are not. */
  readonly expected: string;
  readonly errorName: string;
  /** UTF-8 of whole characters; what is left at the end is left out, or spoils the last line at the end of the file. */
  toUtf8(bytes: Buffer, eof: boolean): Buffer;
  /** A length in the file is the same in UTF-8. */
  readonly keepsLengths: boolean;
  /** How many bytes of the file `text[from, to)` was made from. */
  fileLength(text: Buffer, from: number, to: number): number;
  /** Whether all bytes of the file are whole characters. */
  isText(bytes: Buffer): boolean;
  /** Where the first character stands that is none, in bytes of the file. */
  firstInvalid(bytes: Buffer): number;
}

/** What stands in UTF-8 for a character that is none. */
const REPLACEMENT = '\ufffd';

export function decodingOf(encoding: Encoding): TextDecoding {
  if (encoding === 'utf8') return utf8;
  if (encoding === 'utf16le') return utf16le;
  if (encoding === 'utf16be') return utf16be;
  const isDouble = (name: Encoding): name is DoubleByteEncoding =>
    DOUBLE_BYTE_ENCODINGS.some((one) => one === name);
  return isDouble(encoding) ? doubleByte(encoding) : singleByte(encoding);
}

const utf8: TextDecoding = {
  expected: 'UTF-8',
  errorName: 'InvalidUtf8',
  keepsLengths: true,
  toUtf8: (bytes) => bytes,
  fileLength: (_text, from, to) => to - from,
  isText: isUtf8,
  firstInvalid: (bytes) => firstReplaced(bytes, bytes.toString('utf8'), 'utf8'),
};

/** Half a surrogate pair, or half a character at the end of the file, becomes U+FFFD. */
const utf16le: TextDecoding = {
  expected: 'UTF-16LE',
  errorName: 'InvalidUtf16',
  keepsLengths: false,
  toUtf8(bytes, eof) {
    const cutShort = eof && bytes.length % 2 === 1 ? '\ud800' : '';
    return Buffer.from(bytes.toString('utf16le') + cutShort);
  },
  fileLength(text, from, to) {
    let units = 0;
    for (let i = from; i < to; i++) units += utf16Units(text[i] as number);
    return units * 2;
  },
  isText: (bytes) => bytes.length % 2 === 0 && bytes.toString('utf16le').isWellFormed(),
  firstInvalid: (bytes) => firstReplaced(bytes, bytes.toString('utf16le').toWellFormed(), 'utf16le'),
};

const utf16be: TextDecoding = {
  ...utf16le,
  expected: 'UTF-16BE',
  toUtf8: (bytes, eof) => utf16le.toUtf8(swapped(bytes), eof),
  isText: (bytes) => utf16le.isText(swapped(bytes)),
  firstInvalid: (bytes) => utf16le.firstInvalid(swapped(bytes)),
};

/** A copy in the other order of bytes; half a character at its end stays. */
function swapped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.subarray(0, copy.length - (copy.length % 2)).swap16();
  return copy;
}

/** UTF-16 units of the character that begins with this byte of UTF-8; 0 for a byte within a character. */
function utf16Units(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

/** A replacement character that is not in the bytes themselves stands where they are none. */
function firstReplaced(bytes: Buffer, text: string, encoding: 'utf8' | 'utf16le'): number {
  const genuine = Buffer.from(REPLACEMENT, encoding);
  for (let i = text.indexOf(REPLACEMENT); i >= 0; i = text.indexOf(REPLACEMENT, i + 1)) {
    const at = Buffer.byteLength(text.slice(0, i), encoding);
    if (!bytes.subarray(at, at + genuine.length).equals(genuine)) return at;
  }
  return bytes.length;
}

function singleByte(encoding: Encoding): TextDecoding {
  // WHATWG's latin1 is windows-1252; ISO 8859-1 itself is Node's.
  const decoder = encoding === 'latin1' ? null : new TextDecoder(encoding);
  const decoded = (bytes: Buffer) => (decoder === null ? bytes.toString('latin1') : decoder.decode(bytes));
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  // Some have bytes that stand for nothing; to find them a text need not be decoded once more.
  const voids = Array.from(decoded(every)).flatMap((character, byte) =>
    character === REPLACEMENT ? [byte] : [],
  );
  return {
    expected: encoding,
    errorName: 'InvalidText',
    keepsLengths: false,
    toUtf8: (bytes) => Buffer.from(decoded(bytes)),
    fileLength(text, from, to) {
      let length = 0;
      for (let i = from; i < to; i++) if (((text[i] as number) & 0xc0) !== 0x80) length++;
      return length;
    },
    isText: (bytes) => !voids.some((byte) => bytes.includes(byte)),
    firstInvalid: (bytes) => decoded(bytes).indexOf(REPLACEMENT),
  };
}
