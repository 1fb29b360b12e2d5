type Json = Readonly<Record<string, unknown>>;

const NULL = 0;
const TRUE = 1;
const FALSE = 2;
const COUNT = 3;
const NUMBER = 4;
const HEX = 5;
const TEXT = 6;
const OTHER = 7;

/** Of a whole number, seven bits in each byte. */
const MOST_COUNT_BYTES = 8;
const ASCII = 0x80;

/**
 * Packs JSON objects that are much alike into a third of their text: the names of properties are kept once for all objects
 * that have the same ones, whole numbers and hashes as bytes. An object comes back with everything that its JSON says.
 */
export class PackedObjects {
  /** The names that objects have, in their order. */
  readonly #shapes: (readonly string[])[] = [];
  readonly #numbers = new Map<string, number>();
  #last = -1;
  #bytes = Buffer.allocUnsafeSlow(1024);
  #at = 0;

  /** A view of bytes that the next object is packed into. */
  pack(object: Json): Buffer {
    this.#at = 0;
    const names = Object.keys(object);
    this.#writeCount(this.#shapeOf(names));
    for (const name of names) this.#writeValue(object[name]);
    return this.#bytes.subarray(0, this.#at);
  }

  unpack(bytes: Buffer): Json {
    const reader = new Reader(bytes);
    const names = this.#shapes[reader.count()] ?? [];
    return Object.fromEntries(names.map((name) => [name, reader.value()]));
  }

  #shapeOf(names: readonly string[]): number {
    const last = this.#shapes[this.#last];
    const isLast = last?.length === names.length && last.every((name, index) => name === names[index]);
    if (!isLast) this.#last = this.#numberOf(names);
    return this.#last;
  }

  #numberOf(names: readonly string[]): number {
    const id = JSON.stringify(names);
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#shapes.length);
    return this.#shapes.push(names) - 1;
  }

  #writeValue(value: unknown): void {
    if (typeof value === 'number') this.#writeNumber(value);
    else if (typeof value === 'string') this.#writeText(value);
    else if (value === null) this.#writeByte(NULL);
    else if (typeof value === 'boolean') this.#writeByte(value ? TRUE : FALSE);
    else this.#writeLongText(OTHER, JSON.stringify(value));
  }

  #writeNumber(value: number): void {
    const isCount = Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
    this.#writeByte(isCount ? COUNT : NUMBER);
    if (isCount) return this.#writeCount(value);
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Most are short and ASCII, and those without a call are written fastest. */
  #writeText(text: string): void {
    const start = this.#at;
    if (this.#writeHex(text)) return;
    this.#at = start;
    if (this.#writeAscii(text)) return;
    this.#at = start;
    // What is no text in UTF-8 is one in JSON.
    if (text.isWellFormed()) this.#writeLongText(TEXT, text);
    else this.#writeLongText(OTHER, JSON.stringify(text));
  }

  /** Two digits in a byte; of an odd number of them the first has one of its own. */
  #writeHex(text: string): boolean {
    this.#writeByte(HEX);
    this.#writeCount(text.length);
    this.#reserve(text.length);
    let byte = 0;
    for (let index = 0; index < text.length; index++) {
      const digit = digitOf(text.charCodeAt(index));
      if (digit < 0) return false;
      byte = byte * 16 + digit;
      if ((text.length - index) % 2 === 0) continue;
      this.#bytes[this.#at++] = byte;
      byte = 0;
    }
    return true;
  }

  #writeAscii(text: string): boolean {
    this.#writeByte(TEXT);
    this.#writeCount(text.length);
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= ASCII) return false;
      this.#bytes[this.#at++] = code;
    }
    return true;
  }

  #writeLongText(tag: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.#writeByte(tag);
    this.#writeCount(length);
    this.#reserve(length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  #writeByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = byte;
  }

  #writeCount(count: number): void {
    this.#reserve(MOST_COUNT_BYTES);
    let rest = count;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 128;
    this.#bytes[this.#at++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#at + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): unknown {
    switch (this.#bytes[this.#at++]) {
      case TRUE:
        return true;
      case FALSE:
        return false;
      case COUNT:
        return this.count();
      case NUMBER:
        this.#at += 8;
        return this.#bytes.readDoubleLE(this.#at - 8);
      case HEX:
        return this.#hex();
      case TEXT:
        return this.#text();
      case OTHER:
        return JSON.parse(this.#text());
      default:
        return null;
    }
  }

  count(): number {
    let count = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      count += (byte & 127) * unit;
      if (byte < 128) return count;
    }
  }

  #hex(): string {
    const digits = this.count();
    const start = this.#at;
    this.#at += Math.ceil(digits / 2);
    return this.#bytes.toString('hex', start, this.#at).slice(digits % 2);
  }

  #text(): string {
    const length = this.count();
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }
}

/** -1 for what is no digit of a hash, as they are written. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}
