import { looksLikeUtf16le, nulInFirstLine, otherFormat } from '../../src/values/known-formats.ts';
import type { Dialect } from './dialect.ts';

/** Encodings that a file may have. The parser itself works on UTF-8. */
export const ENCODINGS = ['utf8', 'utf16le', 'latin1', 'windows-1252', 'iso-8859-15'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** Makes UTF-8 of a file's bytes, and finds the way back from lengths in UTF-8 to lengths in the file. */
export interface TextDecoding {
  /** UTF-8 of whole characters; what is left at the end is left out, or spoils the last line at the end of the file. */
  toUtf8(bytes: Buffer, eof: boolean): Buffer;
  /** A length in the file is the same in UTF-8. */
  readonly keepsLengths: boolean;
  /** How many bytes of the file `text[from, to)` was made from. */
  fileLength(text: Buffer, from: number, to: number): number;
}

const BOM_UTF8 = Buffer.of(0xef, 0xbb, 0xbf);
const BOM_UTF16LE = Buffer.of(0xff, 0xfe);

/** The encoding of a file that begins with `head`. */
export function encodingOf(head: Buffer, configured: Encoding): Encoding {
  if (head.subarray(0, 3).equals(BOM_UTF8)) return 'utf8';
  if (head.subarray(0, 2).equals(BOM_UTF16LE)) return 'utf16le';
  return configured;
}

/** Why a file that begins with `head` is no text of rows, or null. */
export function whyNoText(
  head: Buffer,
  { encoding, columns }: Pick<Dialect, 'encoding' | 'columns'>,
): string | null {
  const other = otherFormat(head);
  if (other !== null || encodingOf(head, encoding) === 'utf16le') return other;
  if (looksLikeUtf16le(head)) {
    return 'looks like UTF-16LE without a byte order mark; set the encoding of the csv parser to utf16le';
  }
  return columns === null ? nulInFirstLine(head) : null;
}

/** Where the text begins after the byte order mark, in UTF-8. */
export function afterBom(text: Buffer): number {
  return text.subarray(0, 3).equals(BOM_UTF8) ? 3 : 0;
}

export function decodingOf(encoding: Encoding): TextDecoding {
  if (encoding === 'utf8') return utf8;
  if (encoding === 'utf16le') return utf16le;
  return singleByte(encoding);
}

const utf8: TextDecoding = {
  keepsLengths: true,
  toUtf8: (bytes) => bytes,
  fileLength: (_text, from, to) => to - from,
};

/** Half a surrogate pair, or half a character at the end of the file, becomes U+FFFD; see `isWellFormed`. */
const utf16le: TextDecoding = {
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
};

/** UTF-16 units of the character that begins with this byte of UTF-8; 0 for a byte within a character. */
function utf16Units(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

function singleByte(encoding: Encoding): TextDecoding {
  const characters = singleByteTable(encoding);
  return {
    keepsLengths: false,
    toUtf8(bytes) {
      let text = '';
      for (const byte of bytes) text += characters[byte];
      return Buffer.from(text);
    },
    fileLength(text, from, to) {
      let length = 0;
      for (let i = from; i < to; i++) if (((text[i] as number) & 0xc0) !== 0x80) length++;
      return length;
    },
  };
}

function singleByteTable(encoding: Encoding): readonly string[] {
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  // WHATWG's latin1 is windows-1252; ISO 8859-1 itself is Node's.
  if (encoding === 'latin1') return Array.from(every.toString('latin1'));
  return Array.from(new TextDecoder(encoding).decode(every));
}
