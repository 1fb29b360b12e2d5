import { Damaged } from '../damaged.ts';
import type { BitReader } from './bit-reader.ts';

export const LONGEST_CODE = 20;
/** Codes of at most so many bits, which most are, are looked up at once. */
const SHORT = 10;
const LENGTH_BITS = 5;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/** The code of one table: how symbols are spelled in bits, the shorter the code the more frequent. */
export class HuffmanCode {
  /** By the next `SHORT` bits: the symbol and the length of its code; 0 where that is longer. */
  readonly #short = new Uint16Array(1 << SHORT);
  /** By length: what a code of it must be below, as if it had `LONGEST_CODE` bits. */
  readonly #ends = new Uint32Array(LONGEST_CODE + 1);
  /** By length: what the number of a code is to be added to for its symbol's place among all. */
  readonly #offsets = new Int32Array(LONGEST_CODE + 1);
  /** By their codes. */
  readonly #symbols: Uint16Array;

  /** @param lengths of the symbols' codes, 1 to `LONGEST_CODE` */
  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      this.#offsets[length] = place - code;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        if (length <= SHORT) this.#spell(symbol, code, length);
        this.#symbols[place++] = symbol;
        code++;
      }
      if (code > 1 << length) throw new Damaged('it has a table of codes that cannot be');
      this.#ends[length] = code << (LONGEST_CODE - length);
      code <<= 1;
    }
  }

  next(reader: BitReader): number {
    const bits = reader.peek(LONGEST_CODE);
    const short = this.#short[bits >>> (LONGEST_CODE - SHORT)] as number;
    if (short !== 0) {
      reader.skip(short & LENGTH_MASK);
      return short >>> LENGTH_BITS;
    }
    for (let length = SHORT + 1; length <= LONGEST_CODE; length++) {
      if (bits >= (this.#ends[length] as number)) continue;
      reader.skip(length);
      const place = (this.#offsets[length] as number) + (bits >>> (LONGEST_CODE - length));
      return this.#symbols[place] as number;
    }
    throw new Damaged('it has a code that stands for nothing');
  }

  #spell(symbol: number, code: number, length: number): void {
    const from = code << (SHORT - length);
    this.#short.fill((symbol << LENGTH_BITS) | length, from, from + (1 << (SHORT - length)));
  }
}
