import type { TextDecoding } from './decoding.ts';

/**
 * Encodings of East Asia, by their names in the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), as far as
 * their characters have one byte or two: not the three of EUC-JP's second plane, nor the four of GB 18030.
 */
export const DOUBLE_BYTE_ENCODINGS = ['shift_jis', 'euc-jp', 'euc-kr', 'gbk', 'big5'] as const;

export type DoubleByteEncoding = (typeof DOUBLE_BYTE_ENCODINGS)[number];

const [FIRST_LEAD, LAST_LEAD, FIRST_TRAIL, LAST_TRAIL] = [0x81, 0xfe, 0x40, 0xfe];
const LINE_FEED = 0x0a;
/** Stands for a byte that begins no character, and is none of any of these encodings itself. */
const REPLACEMENT = 0xfffd;

/** What bytes mean, as code points; 0 for nothing. */
interface Table {
  readonly singles: Uint32Array;
  readonly pairs: Uint32Array;
  /** Characters beyond ASCII that are one byte. */
  readonly narrow: ReadonlySet<number>;
}

/** Decodes by a table of its own, since a decoder does not tell how many bytes became a character that is none. */
export function doubleByte(encoding: DoubleByteEncoding): TextDecoding {
  const table = tableOf(encoding);
  return {
    expected: encoding,
    errorName: 'InvalidText',
    keepsLengths: false,
    toUtf8: (bytes, eof) => toUtf8(bytes, table, eof),
    fileLength: (text, from, to) => fileLength(text, from, to, table.narrow),
    isText: (bytes) => firstInvalid(bytes, table) === bytes.length,
    firstInvalid: (bytes) => firstInvalid(bytes, table),
  };
}

const TABLES = new Map<DoubleByteEncoding, Table>();

function tableOf(encoding: DoubleByteEncoding): Table {
  const known = TABLES.get(encoding);
  if (known !== undefined) return known;
  const pairs = new Uint32Array(0x10000);
  for (const [bytes, code] of lonely(encoding, allPairs()))
    pairs[(bytes[0] as number) * 256 + (bytes[1] as number)] = code;
  const singles = new Uint32Array(256);
  const wide = new Set(pairs);
  const each = Array.from({ length: 256 }, (_, byte) => [byte]).filter(([byte]) => byte !== LINE_FEED);
  // One that two bytes mean as well could not be told from them; for private use are bytes of which ICU makes what it likes.
  for (const [[byte = 0], code] of lonely(encoding, each))
    if (!wide.has(code) && !isPrivate(code)) singles[byte] = code;
  singles[LINE_FEED] = LINE_FEED;
  const table = { singles, pairs, narrow: new Set(singles.subarray(0x80)) };
  TABLES.set(encoding, table);
  return table;
}

function isPrivate(code: number): boolean {
  return code >= 0xe000 && code <= 0xf8ff;
}

function allPairs(): number[][] {
  const pairs: number[][] = [];
  for (let lead = FIRST_LEAD; lead <= LAST_LEAD; lead++)
    for (let trail = FIRST_TRAIL; trail <= LAST_TRAIL; trail++) pairs.push([lead, trail]);
  return pairs;
}

/** Those sequences of bytes that are one character each, with that. */
function* lonely(
  encoding: DoubleByteEncoding,
  sequences: readonly number[][],
): Generator<[number[], number]> {
  const lines = new TextDecoder(encoding)
    .decode(Uint8Array.from(sequences.flatMap((bytes) => [...bytes, LINE_FEED])))
    .split('\n');
  for (const [index, bytes] of sequences.entries()) {
    const [character = '', ...more] = lines[index] as string;
    const code = character.codePointAt(0) ?? 0;
    if (more.length === 0 && code !== REPLACEMENT) yield [bytes, code];
  }
}

/** What begins at a byte: its code point, and how many bytes it takes; a byte alone where it begins nothing. */
function codeAt(bytes: Buffer, at: number, { singles, pairs }: Table): number {
  const first = bytes[at] as number;
  return (singles[first] as number) || (pairs[first * 256 + (bytes[at + 1] ?? 0)] as number);
}

function lengthAt(bytes: Buffer, at: number, code: number, { singles }: Table): number {
  return code === 0 || singles[bytes[at] as number] === code ? 1 : 2;
}

function toUtf8(bytes: Buffer, table: Table, eof: boolean): Buffer {
  const text = Buffer.allocUnsafe(3 * bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      text[end++] = first;
      at++;
      continue;
    }
    const code = codeAt(bytes, at, table);
    // The other half may be yet to come.
    if (code === 0 && at + 1 === bytes.length && !eof) break;
    end = writeCode(text, end, code === 0 ? REPLACEMENT : code);
    at += lengthAt(bytes, at, code, table);
  }
  return text.subarray(0, end);
}

/** Writes a code point beyond ASCII in UTF-8, and gives its end. */
function writeCode(text: Buffer, at: number, code: number): number {
  let end = at;
  if (code < 0x800) text[end++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) text[end++] = 0xe0 | (code >> 12);
    else {
      text[end++] = 0xf0 | (code >> 18);
      text[end++] = 0x80 | ((code >> 12) & 0x3f);
    }
    text[end++] = 0x80 | ((code >> 6) & 0x3f);
  }
  text[end++] = 0x80 | (code & 0x3f);
  return end;
}

function fileLength(text: Buffer, from: number, to: number, narrow: ReadonlySet<number>): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const first = text[at] as number;
    if (first < 0x80) length++;
    // Two bytes that no text has stand for line ends; any other is within a character.
    else if (first === 0xc0 || first === 0xc1) length++;
    else if (first > 0xc1) {
      const code = first >= 0xf0 ? 0 : codeOf(text, at, first);
      length += code === REPLACEMENT || narrow.has(code) ? 1 : 2;
    }
  }
  return length;
}

function codeOf(text: Buffer, at: number, first: number): number {
  const second = (text[at + 1] as number) & 0x3f;
  if (first < 0xe0) return ((first & 0x1f) << 6) | second;
  return ((first & 0x0f) << 12) | (second << 6) | ((text[at + 2] as number) & 0x3f);
}

function firstInvalid(bytes: Buffer, table: Table): number {
  let at = 0;
  while (at < bytes.length) {
    const code = (bytes[at] as number) < 0x80 ? 1 : codeAt(bytes, at, table);
    if (code === 0) return at;
    at += code === 1 ? 1 : lengthAt(bytes, at, code, table);
  }
  return at;
}
