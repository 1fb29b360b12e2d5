/** How a file's text is encoded, as the csv parser calls it. */
export type GuessedEncoding = 'utf8' | 'utf16le' | 'windows-1252';

const NUL = 0;

/** Why bytes are no text, or null. Text in UTF-16 has a byte order mark; other text has no NUL in it. */
export function binaryProblem(head: Buffer): string | null {
  if (head[0] === 0xfe && head[1] === 0xff) {
    return 'is UTF-16 in big-endian order, which cannot be read; save it as UTF-8';
  }
  if (hasUtf16Mark(head) || !head.includes(NUL)) return null;
  return 'is not text, it has NUL bytes; expected rows of text such as CSV';
}

/** The encoding of text that begins with `head`. Whatever is not UTF-8 is most often Windows' encoding of the West. */
export function guessEncoding(head: Buffer): GuessedEncoding {
  if (hasUtf16Mark(head)) return 'utf16le';
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

function hasUtf16Mark(head: Buffer): boolean {
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
