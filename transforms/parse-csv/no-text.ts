import { hasNulInFirstLine, looksLikeUtf16le, otherFormat } from '../../src/plugin/index.ts';
import type { Dialect } from './dialect.ts';
import { encodingOf } from './encoding.ts';

/** Why a file that begins with `head` is no text of rows, or null. */
export function whyNoText(head: Buffer, { encoding, columns }: Dialect): string | null {
  const other = otherFormat(head);
  if (other !== null || encodingOf(head, encoding) === 'utf16le') return other;
  if (looksLikeUtf16le(head)) {
    return 'looks like UTF-16LE without a byte order mark; set the encoding of the csv parser to utf16le';
  }
  if (columns !== null || !hasNulInFirstLine(head)) return null;
  return 'is not text, its first line has NUL bytes; expected rows of text such as CSV';
}
