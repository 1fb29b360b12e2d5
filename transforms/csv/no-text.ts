import { looksLikeUtf16le, nulInFirstLine, otherFormat } from '../../src/values/known-formats.ts';
import type { Dialect } from './dialect.ts';
import { encodingOf } from './encoding.ts';

/** Why a file that begins with `head` is no text of rows, or null. */
export function whyNoText(head: Buffer, { encoding, columns }: Dialect): string | null {
  const other = otherFormat(head);
  if (other !== null || encodingOf(head, encoding) === 'utf16le') return other;
  if (looksLikeUtf16le(head)) {
    return 'looks like UTF-16LE without a byte order mark; set the encoding of the csv parser to utf16le';
  }
  return columns === null ? nulInFirstLine(head) : null;
}
