import type { Encoding } from '../../../transforms/text/encoding.ts';
import { EVIDENCE_BYTES, findEncoding, isControl } from '../../../transforms/text/found-encoding.ts';
import { looksLikeUtf16, markedEncoding, nulInFirstLine, otherFormat } from '../../values/known-formats.ts';

/** How a file's text is encoded, as the parsers call it. */
export type GuessedEncoding = Encoding;
type CodePage = 'windows-1250' | 'windows-1251' | 'windows-1252' | 'koi8-r';

/** Of bytes of chance one in eight is such a character, in text of an old code page hardly one in a hundred. */
const MOST_CONTROLS = 0.05;

/** Why bytes are no text, or null: as the csv parser has it, which takes any bytes for a code page that is named. */
export function binaryProblem(head: Buffer): string | null {
  const other = otherFormat(head);
  if (other !== null || guessEncoding(head).startsWith('utf16')) return other;
  return nulInFirstLine(head) ?? controlsProblem(head);
}

function controlsProblem(head: Buffer): string | null {
  if (isUtf8(head)) return null;
  const controls = head.filter((byte) => byte === 0 || isControl(byte)).length;
  if (controls <= head.length * MOST_CONTROLS) return null;
  return 'is not text, it is full of control characters and no UTF-8; expected rows of text such as CSV';
}

/** The encoding of text that begins with `head`. */
export function guessEncoding(head: Buffer): GuessedEncoding {
  const mark = markedEncoding(head)?.name ?? 'utf8';
  const order = mark === 'utf8' ? looksLikeUtf16(head) : mark;
  if (order !== null) return order;
  return isUtf8(head) ? 'utf8' : otherEncoding(head);
}

/** What is no UTF-8 is in two bytes a character where that is plain, and else in one. */
function otherEncoding(head: Buffer): GuessedEncoding {
  const found = findEncoding(head.subarray(0, EVIDENCE_BYTES));
  if (typeof found === 'string' || found.encoding === 'windows-1252') return guessCodePage(head);
  return found.encoding;
}

/** What letters are in text that was read by the right one. */
const LETTERS: readonly (readonly [CodePage, RegExp])[] = [
  ['windows-1251', /[а-яА-ЯёЁ]/g],
  ['koi8-r', /[а-яА-ЯёЁ]/g],
  ['windows-1250', /[ąćęłńśźżĄĆĘŁŃŚŹŻáčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽőűŐŰăâîșțşţ]/g],
];
/** Signs that no word has inside: letters of another code page. */
const SIGN_IN_WORD =
  /(?<=\p{Ll})[¹³¿¼½¾£¥ª³\u0080-\u009f](?=\p{L}|\b)|[¹³¿¾¼](?=\p{Ll}{2})|\p{Ll}[œŸ](?=\p{Ll})/gu;

/** The code page of a text that is not UTF-8. It is most often Windows' encoding of the West. */
export function guessCodePage(bytes: Buffer): CodePage {
  const high = bytes.filter((byte) => byte >= 0x80).length;
  const count = (page: CodePage, letters: RegExp) => decoded(bytes, page).match(letters)?.length ?? 0;
  const cyrillic = LETTERS.slice(0, 2).filter(([page, letters]) => count(page, letters) > high * 0.9);
  const runs = bytes.toString('latin1').match(/[\x80-\xff]{3,}/g)?.length ?? 0;
  if (cyrillic.length > 0 && runs > 0) return mostlySmall(bytes, 'windows-1251') ? 'windows-1251' : 'koi8-r';
  const [page, letters] = LETTERS[2] as (typeof LETTERS)[number];
  const signs = decoded(bytes, 'windows-1252').match(SIGN_IN_WORD)?.length ?? 0;
  return signs > 0 && count(page, letters) > high * 0.8 ? page : 'windows-1252';
}

/** In text of words capitals are few. */
function mostlySmall(bytes: Buffer, page: CodePage): boolean {
  const text = decoded(bytes, page);
  return (text.match(/[а-я]/g)?.length ?? 0) >= (text.match(/[А-Я]/g)?.length ?? 0);
}

/** As the Encoding Standard calls those that we call otherwise. */
const LABELS: Partial<Record<GuessedEncoding, string>> = { utf16le: 'utf-16le', utf16be: 'utf-16be' };

/** The text, without a byte order mark. */
export function decoded(head: Buffer, encoding: GuessedEncoding): string {
  return new TextDecoder(LABELS[encoding] ?? encoding).decode(head, { stream: true });
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
