import {
  looksLikeUtf16,
  markedEncoding,
  nulInFirstLine,
  otherFormat,
} from '../../src/values/known-formats.ts';
import { DOUBLE_BYTE_ENCODINGS } from './double-byte.ts';
import type { TextFormat } from './text-format.ts';

/** Encodings of one byte a character, by their names in the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels). */
const SINGLE_BYTE_ENCODINGS = [
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
] as const;

/** Encodings that a file may have. The parser itself works on UTF-8. */
export const ENCODINGS = [
  'utf8',
  'utf16le',
  'utf16be',
  'latin1',
  ...SINGLE_BYTE_ENCODINGS,
  ...DOUBLE_BYTE_ENCODINGS,
] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** What the options say of it: `auto` leaves it to each file. */
export type EncodingOption = Encoding | 'auto';

/** The encoding of a file that begins with `head`. */
export function encodingOf(head: Buffer, configured: Encoding): Encoding {
  return markedEncoding(head)?.name ?? configured;
}

/** Why a file that begins with `head` is no text of rows, or null. */
export function whyNoText(
  head: Buffer,
  format: Pick<TextFormat, 'plugin' | 'encoding' | 'hasHeader' | 'controlCharacters'>,
): string | null {
  const { plugin, encoding, hasHeader, controlCharacters } = format;
  const other = otherFormat(head);
  // Of which encoding its bytes are is asked then anyway.
  if (other !== null || encoding === 'auto' || encodingOf(head, encoding).startsWith('utf16')) return other;
  const order = looksLikeUtf16(head);
  if (order !== null) {
    const name = order === 'utf16le' ? 'UTF-16LE' : 'UTF-16BE';
    return `looks like ${name} without a byte order mark; set the encoding of the ${plugin} parser to ${order}`;
  }
  return hasHeader && controlCharacters !== 'remove' ? nulInFirstLine(head) : null;
}

/** Where the text begins after the byte order mark, in UTF-8. */
export function afterBom(text: Buffer): number {
  const mark = markedEncoding(text);
  return mark?.name === 'utf8' ? mark.bytes : 0;
}
