import { isAscii } from 'node:buffer';
import { markedEncoding } from '../../src/values/known-formats.ts';
import { decodingOf } from './decoding.ts';
import { DOUBLE_BYTE_ENCODINGS, type DoubleByteEncoding } from './double-byte.ts';
import type { Encoding } from './encoding.ts';

/** So many bytes at the beginning of a file decide, or all of a shorter one. */
export const EVIDENCE_BYTES = 256 * 1024;

/** How a file is encoded, and what tells it. */
export interface FoundEncoding {
  readonly encoding: Encoding;
  readonly because: string;
}

/** What the encoding of a file is that begins with these bytes; a string says why nobody can tell. */
export function findEncoding(evidence: Buffer): FoundEncoding | string {
  const mark = markedEncoding(evidence);
  if (mark !== null) return { encoding: mark.name, because: 'its byte order mark' };
  const order = evidence.includes(0) ? utf16OrderOf(evidence) : null;
  if (order !== null) return { encoding: order, because: 'line ends of two bytes, in this order' };
  const inUtf8 = utf8In(evidence);
  if (inUtf8 !== null) return { encoding: 'utf8', because: inUtf8 };
  const eastern = DOUBLE_BYTE_ENCODINGS.find((encoding) => isIn(encoding, evidence));
  if (eastern !== undefined)
    return { encoding: eastern, because: 'its pairs of bytes, which are common characters there' };
  return westernOf(evidence);
}

/** Bytes up to the last line end: what is behind it may be cut within a character. */
function wholeLines(evidence: Buffer): Buffer {
  const end = evidence.lastIndexOf(LINE_FEED);
  return end < 0 ? evidence : evidence.subarray(0, end);
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/** So many characters in UTF-8 for each byte that is none: other text has hardly any by chance. */
const UTF8_FOR_EACH_OTHER = 10;

/** What speaks for UTF-8, which may be spoiled in places; null where nothing does. */
function utf8In(evidence: Buffer): string | null {
  if (isAscii(evidence)) return `only ASCII in its first ${evidence.length} bytes`;
  const text = new TextDecoder().decode(evidence, { stream: true });
  const others = text.split('\ufffd').length - 1;
  if (others === 0) return 'all of it is UTF-8';
  const characters = (text.match(/[^\0-\x7f\ufffd]/gu) ?? []).length;
  return characters < UTF8_FOR_EACH_OTHER * others
    ? null
    : `all of it is UTF-8, but for ${others} of its bytes`;
}

/** In UTF-16 as many bytes of Latin text are NUL at least; other text has fewer, and bytes that no text in UTF-8 has. */
const NULS_IN_UTF16 = 0.2;

/** The order in which lines end with two bytes and there is no NUL; null where there is none, or where NULs are characters. */
function utf16OrderOf(evidence: Buffer): 'utf16le' | 'utf16be' | null {
  const nuls = evidence.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isPlain = utf8In(evidence) !== null && !evidence.some(isControl);
  if (isPlain && nuls < NULS_IN_UTF16 * evidence.length) return null;
  const fits = (['utf16le', 'utf16be'] as const).filter((order) => {
    const whole = evidence.subarray(0, evidence.length - (evidence.length % 2));
    const text = decodingOf(order).toUtf8(whole, false).toString();
    return endLinesIn(order, whole) && !/[\0\ufffd\ufffe]/.test(text.slice(0, -1));
  });
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/** NUL, tab and what is between lines apart. */
export function isControl(byte: number): boolean {
  return byte > 0 && byte < 0x20 && (byte < 0x09 || byte > 0x0d);
}

/** Most bytes that are LF or CR are so with a NUL, on the side that this order has it. */
function endLinesIn(order: 'utf16le' | 'utf16be', evidence: Buffer): boolean {
  const place = order === 'utf16le' ? 0 : 1;
  let whole = 0;
  let others = 0;
  for (let at = 0; at < evidence.length; at++) {
    if (evidence[at] !== LINE_FEED && evidence[at] !== CARRIAGE_RETURN) continue;
    if (at % 2 === place && evidence[at + 1 - 2 * place] === 0) whole++;
    else others++;
  }
  return whole > others;
}

const SHARE = {
  /** Of characters beyond ASCII: no Japanese text has fewer of its syllables. */
  kana: 0.1,
  /** Chinese text that is read as Korean has a good half. */
  hangul: 0.85,
  /** Of the characters that Chinese encodings put first, as they are the common ones. */
  common: 0.6,
  /** Of pairs in Big5 whose second byte is that of an ASCII character: GBK's common ones have none. */
  asciiTrail: 0.15,
  /** Of pairs beside another: letters with accents stand alone. */
  beside: 0.5,
};

/** Whether all of it is text in this encoding, and as it is written there. */
function isIn(encoding: DoubleByteEncoding, evidence: Buffer): boolean {
  const lines = wholeLines(evidence);
  const decoding = decodingOf(encoding);
  if (!decoding.isText(lines)) return false;
  const text = decoding.toUtf8(lines, true).toString();
  const characters = text.match(/[^\0-\x7f]/gu) ?? [];
  const share = (of: RegExp) => (text.match(of) ?? []).length / characters.length;
  if (encoding === 'shift_jis' || encoding === 'euc-jp') return share(/[\u3041-\u30fe]/g) >= SHARE.kana;
  if (encoding === 'euc-kr') return share(/[\uac00-\ud7a3]/g) >= SHARE.hangul;
  const pairs = pairsOf(lines);
  const [first, last] = encoding === 'gbk' ? [0xb0, 0xd7] : [0xa4, 0xc6];
  const least = encoding === 'gbk' ? 0xa1 : 0x40;
  const common = pairs.filter(({ lead, trail }) => lead >= first && lead <= last && trail >= least);
  const beside = pairs.filter(({ isBeside }) => isBeside);
  const asciiTrails = pairs.filter(({ trail }) => trail < 0x80);
  const isMixed = encoding === 'gbk' || asciiTrails.length >= SHARE.asciiTrail * pairs.length;
  return (
    isMixed && common.length >= SHARE.common * pairs.length && beside.length >= SHARE.beside * pairs.length
  );
}

interface Pair {
  readonly lead: number;
  readonly trail: number;
  /** Another stands right before or behind it. */
  isBeside: boolean;
}

function pairsOf(bytes: Buffer): Pair[] {
  const pairs: Pair[] = [];
  let before: Pair | null = null;
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) < 0x80) before = null;
    else {
      const pair: Pair = { lead: bytes[at] as number, trail: bytes[++at] ?? 0, isBeside: before !== null };
      if (before !== null) before.isBeside = true;
      pairs.push(pair);
      before = pair;
    }
  }
  return pairs;
}

/** Nothing stands for these in windows-1252. */
const NOTHING_THERE = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/**
 * Signs and capitals of windows-1252 that stand within no word of small letters: in other encodings such letters do, as the
 * e with an accent of DOS and of Macintosh, and the Polish l.
 */
const NEVER_WITHIN = new Set([
  ...[0x80, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8e, 0x91, 0x93, 0x94, 0x95],
  ...[0x98, 0x99, 0x9b, 0x9f, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaf, 0xb1, 0xb2],
  ...[0xb3, 0xb5, 0xb6, 0xb8, 0xb9, 0xbc, 0xbd, 0xbe, 0xbf],
]);

/** Text of Latin letters in one byte each: letters beyond ASCII are few, and stand alone. */
function westernOf(evidence: Buffer): FoundEncoding | string {
  let high = 0;
  let beside = 0;
  for (let at = 0; at < evidence.length; at++) {
    const byte = evidence[at] as number;
    if (byte < 0x80) continue;
    high++;
    if (isHigh(evidence[at - 1]) || isHigh(evidence[at + 1])) beside++;
    const isWithin = isSmall(evidence[at - 1]) && isSmall(evidence[at + 1]);
    if (NOTHING_THERE.includes(byte) || (isWithin && NEVER_WITHIN.has(byte)))
      return `is not UTF-8, and byte ${at} (0x${byte.toString(16).toUpperCase()}) is no letter of windows-1252`;
  }
  if (beside > high / 2)
    return 'is not UTF-8, and has runs of bytes beyond ASCII: a script other than Latin, such as Cyrillic or Greek';
  return {
    encoding: 'windows-1252',
    because:
      'no UTF-8, and nothing against it; encodings of Central Europe differ in few letters, ISO 8859-15 in the sign for euros',
  };
}

function isHigh(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80;
}

function isSmall(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}
