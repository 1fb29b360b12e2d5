import { BACKSLASH, hexUnit, LOWER_U } from './escapes.ts';

/** Nested deeper than this, JSON is no row of anything. */
export const MAX_DEPTH = 500;

export type ValueKind = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object';

/** Is given the members of an object, one after another. */
export interface ObjectVisitor {
  /**
   * The key stands in quotes from `keyStart` to `keyEnd`, and its value begins at `at`. Gives where that ends; -1 when it is
   * no JSON, or not to be read.
   */
  member(reader: JsonReader, keyStart: number, keyEnd: number, hasEscapes: boolean, at: number): number;
}

const [QUOTE, COMMA, COLON, MINUS, PLUS, POINT, ZERO] = [...'",:-+.0'].map((one) => one.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, LOWER_E] = [...'{}[]e'].map((one) =>
  one.charCodeAt(0),
) as [number, number, number, number, number];

/** What ends a run of ordinary characters in a text. */
const ENDS_RUN = new Uint8Array(256);
ENDS_RUN.fill(1, 0, 0x20);
ENDS_RUN[QUOTE] = 1;
ENDS_RUN[BACKSLASH] = 1;
/** By the first byte of a value; all others are those of numbers. */
const KINDS: ValueKind[] = [];
KINDS[QUOTE] = 'text';
KINDS[OPEN_OBJECT] = 'object';
KINDS[OPEN_LIST] = 'list';
for (const [letter, kind] of [
  ['t', 'boolean'],
  ['f', 'boolean'],
  ['n', 'null'],
] as const)
  KINDS[letter.charCodeAt(0)] = kind;
const ESCAPED = new Set(Buffer.from('"\\/bfnrtu'));
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

/**
 * Reads JSON (RFC 8259) in bytes of UTF-8, without making anything of it: where values end is all that is wanted, and
 * whether they are JSON. Positions count in `text`; -1 stands for what is none, and `problem` says why.
 */
export class JsonReader {
  readonly #text: Buffer;
  #end = 0;
  #depth = 0;
  #hasEscapes = false;
  #loneSurrogate = false;
  #problem: { readonly at: number; readonly expected: string } | null = null;

  constructor(text: Buffer) {
    this.#text = text;
  }

  get text(): Buffer {
    return this.#text;
  }

  /** The text that was read last has escapes in it. */
  get hasEscapes(): boolean {
    return this.#hasEscapes;
  }

  /** One of them is half of a surrogate pair, which has no UTF-8. */
  get hasLoneSurrogate(): boolean {
    return this.#loneSurrogate;
  }

  /** What was expected where reading stopped; null where it was not JSON that stopped it. */
  get problem(): { readonly at: number; readonly expected: string } | null {
    return this.#problem;
  }

  /** Begins to read what stands before `end`, and gives where the first value begins. */
  begin(at: number, end: number): number {
    this.#end = end;
    this.#depth = 0;
    this.#problem = null;
    return this.skipSpace(at);
  }

  skipSpace(from: number): number {
    let at = from;
    while (at < this.#end && isSpace(this.#text[at] as number)) at++;
    return at;
  }

  /** Whether nothing but white space is from `at` on. */
  expectsEnd(at: number, end: number): boolean {
    const next = this.skipSpace(at);
    return next === end || this.#fail(next, 'the end of the line behind the object') > 0;
  }

  isAtObject(at: number): boolean {
    return at < this.#end && this.#text[at] === OPEN_OBJECT;
  }

  /** What the value at `at` is, if it is one. */
  kindAt(at: number): ValueKind {
    return at < this.#end ? (KINDS[this.#text[at] as number] ?? 'number') : 'number';
  }

  /** Reads any value, and gives where it ends. */
  value(at: number): number {
    if (at >= this.#end) return this.#fail(at, 'a value');
    const byte = this.#text[at] as number;
    if (byte === QUOTE) return this.string(at);
    if (byte === OPEN_OBJECT) return this.object(at, null);
    if (byte === OPEN_LIST) return this.#list(at);
    const word = LITERALS.get(byte);
    return word === undefined ? this.#number(at) : this.#literal(at, word);
  }

  /** Reads an object, which begins at `at`; its members go to the visitor, if there is one. */
  object(start: number, visitor: ObjectVisitor | null): number {
    if (++this.#depth > MAX_DEPTH) return this.#tooDeep(start);
    let at = this.skipSpace(start + 1);
    if (at < this.#end && this.#text[at] === CLOSE_OBJECT) return this.#ended(at);
    for (;;) {
      if (at >= this.#end || this.#text[at] !== QUOTE) return this.#fail(at, 'a key in quotes');
      const keyEnd = this.string(at);
      if (keyEnd < 0) return -1;
      const hasEscapes = this.#hasEscapes;
      const colon = this.skipSpace(keyEnd);
      if (colon >= this.#end || this.#text[colon] !== COLON) return this.#fail(colon, '":" behind the key');
      const begin = this.skipSpace(colon + 1);
      const end =
        visitor === null ? this.value(begin) : visitor.member(this, at + 1, keyEnd - 1, hasEscapes, begin);
      if (end < 0) return -1;
      const next = this.skipSpace(end);
      const byte = next < this.#end ? this.#text[next] : 0;
      if (byte === CLOSE_OBJECT) return this.#ended(next);
      if (byte !== COMMA) return this.#fail(next, '"," or "}" behind the value');
      at = this.skipSpace(next + 1);
    }
  }

  /** Reads a text, whose quote is at `at`. */
  string(start: number): number {
    const text = this.#text;
    const end = this.#end;
    this.#hasEscapes = false;
    this.#loneSurrogate = false;
    let at = start + 1;
    while (at < end) {
      const byte = text[at] as number;
      if (ENDS_RUN[byte] === 0) at++;
      else if (byte === QUOTE) return at + 1;
      else if (byte !== BACKSLASH)
        return this.#fail(at, 'no control character within a text (it must be escaped)');
      else {
        at = this.#escape(at);
        if (at < 0) return -1;
      }
    }
    return this.#fail(end, 'a quote that closes the text');
  }

  #escape(at: number): number {
    this.#hasEscapes = true;
    const kind = this.#text[at + 1] as number;
    if (at + 1 >= this.#end || !ESCAPED.has(kind)) return this.#fail(at, 'an escape of JSON behind "\\"');
    if (kind !== LOWER_U) return at + 2;
    const unit = this.#unit(at);
    if (unit < 0) return this.#fail(at, 'four hexadecimal digits behind "\\u"');
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    const isPair = unit < 0xdc00 && this.#text[at + 6] === BACKSLASH && this.#text[at + 7] === LOWER_U;
    const low = isPair ? this.#unit(at + 6) : -1;
    if (low >= 0xdc00 && low <= 0xdfff) return at + 12;
    this.#loneSurrogate = true;
    return at + 6;
  }

  /** The number that is behind `\u`; -1 for none. */
  #unit(at: number): number {
    return at + 6 > this.#end ? -1 : hexUnit(this.#text, at + 2);
  }

  #list(start: number): number {
    if (++this.#depth > MAX_DEPTH) return this.#tooDeep(start);
    let at = this.skipSpace(start + 1);
    if (at < this.#end && this.#text[at] === CLOSE_LIST) return this.#ended(at);
    for (;;) {
      const end = this.value(at);
      if (end < 0) return -1;
      const next = this.skipSpace(end);
      const byte = next < this.#end ? this.#text[next] : 0;
      if (byte === CLOSE_LIST) return this.#ended(next);
      if (byte !== COMMA) return this.#fail(next, '"," or "]" behind the value');
      at = this.skipSpace(next + 1);
    }
  }

  #literal(at: number, word: Buffer): number {
    for (let i = 1; i < word.length; i++)
      if (at + i >= this.#end || this.#text[at + i] !== word[i]) return this.#fail(at, 'a value');
    return at + word.length;
  }

  #number(start: number): number {
    let at = this.#is(start, MINUS) ? start + 1 : start;
    const digits = this.#digits(at);
    if (digits === at) return this.#fail(start, 'a value');
    if (this.#is(at, ZERO) && digits > at + 1)
      return this.#fail(at, 'no zero before other digits of a number');
    at = digits;
    if (this.#is(at, POINT)) {
      const fraction = this.#digits(at + 1);
      if (fraction === at + 1) return this.#fail(fraction, 'a digit behind the point of a number');
      at = fraction;
    }
    // In lower case.
    if (at < this.#end && ((this.#text[at] as number) | 0x20) === LOWER_E) {
      const sign = this.#is(at + 1, PLUS) || this.#is(at + 1, MINUS) ? at + 2 : at + 1;
      const exponent = this.#digits(sign);
      if (exponent === sign) return this.#fail(exponent, 'a digit in the exponent of a number');
      at = exponent;
    }
    return at;
  }

  #is(at: number, byte: number): boolean {
    return at < this.#end && this.#text[at] === byte;
  }

  #digits(from: number): number {
    let at = from;
    while (at < this.#end && isDigit(this.#text[at] as number)) at++;
    return at;
  }

  #ended(at: number): number {
    this.#depth--;
    return at + 1;
  }

  #tooDeep(at: number): number {
    return this.#fail(at, `at most ${MAX_DEPTH} objects and lists within each other`);
  }

  #fail(at: number, expected: string): -1 {
    this.#problem = { at, expected };
    return -1;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
