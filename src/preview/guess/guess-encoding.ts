import { looksLikeUtf16le, nulInFirstLine, otherFormat } from '../../values/known-formats.ts';

/** How a file's text is encoded, as the csv parser calls it. */
export type GuessedEncoding = 'utf8' | 'utf16le' | 'windows-1252';

/** Why bytes are no text, or null: as the csv parser has it. */
export function binaryProblem(head: Buffer): string | null {
  const other = otherFormat(head);
  if (other !== null || guessEncoding(head) === 'utf16le') return other;
  return nulInFirstLine(head);
}

/** The encoding of text that begins with `head`. Whatever is not UTF-8 is most often Windows' encoding of the West. */
export function guessEncoding(head: Buffer): GuessedEncoding {
  if (hasUtf16Mark(head) || looksLikeUtf16le(head)) return 'utf16le';
  return isUtf8(head) ? 'utf8' : 'windows-1252';
}

export function hasUtf8Mark(head: Buffer): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

/** The text, without a byte order mark. */
export function decoded(head: Buffer, encoding: GuessedEncoding): string {
  const label = encoding === 'utf8' ? 'utf-8' : encoding === 'utf16le' ? 'utf-16le' : encoding;
  return new TextDecoder(label).decode(head, { stream: true });
}

export function hasUtf16Mark(head: Buffer): boolean {
  return head[0] === 0xff && head[1] === 0xfe;
}

/** The last character may be cut. */
function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
