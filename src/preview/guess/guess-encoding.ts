import { looksLikeUtf16, markedEncoding, nulInFirstLine, otherFormat } from '../../values/known-formats.ts';

/** How a file's text is encoded, as the csv parser calls it. */
export type GuessedEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'windows-1252';

/** As the Encoding Standard calls them. */
const LABELS: Readonly<Record<GuessedEncoding, string>> = {
  utf8: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  'windows-1252': 'windows-1252',
};

/** Why bytes are no text, or null: as the csv parser has it. */
export function binaryProblem(head: Buffer): string | null {
  const other = otherFormat(head);
  if (other !== null || guessEncoding(head).startsWith('utf16')) return other;
  return nulInFirstLine(head);
}

/** The encoding of text that begins with `head`. Whatever is not UTF-8 is most often Windows' encoding of the West. */
export function guessEncoding(head: Buffer): GuessedEncoding {
  const mark = markedEncoding(head)?.name ?? 'utf8';
  const order = mark === 'utf8' ? looksLikeUtf16(head) : mark;
  if (order !== null) return order;
  return isUtf8(head) ? 'utf8' : 'windows-1252';
}

/** The text, without a byte order mark. */
export function decoded(head: Buffer, encoding: GuessedEncoding): string {
  return new TextDecoder(LABELS[encoding]).decode(head, { stream: true });
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
