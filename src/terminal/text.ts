/*
 * Text of files on a terminal: what it shows must be what is there, and nothing in a cell may steer the terminal.
 */

/** Control characters, and characters that turn the direction of text or are not seen at all. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const graphemes = new Intl.Segmenter();

/** One line of text that is safe to write: unprintable characters as escapes. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => {
    const code = (character.codePointAt(0) as number).toString(16).padStart(4, '0');
    return NAMES[character] ?? `\\u${code}`;
  });
}

/** How many columns of a terminal printable text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Printable text in at most `width` columns; what is cut off the end becomes an ellipsis. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${splitAt(text, width - 1)[0]}…`;
}

/** Printable text filled up with spaces to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Printable text in lines of at most `width` columns, broken after spaces and commas where there are some. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const [head] = splitAt(rest, width);
    // A space may stand in the margin.
    const reach = rest.startsWith(' ', head.length) ? head.length + 1 : head.length;
    const at = Math.max(rest.lastIndexOf(' ', reach - 1), rest.lastIndexOf(',', reach - 1)) + 1;
    const end = at > reach / 4 ? at : head.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

/** The longest beginning of at most `width` columns, and what follows it; at least one character. */
function splitAt(text: string, width: number): [string, string] {
  let end = 0;
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width && end > 0) break;
    end += segment.length;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** A word of a command, for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
