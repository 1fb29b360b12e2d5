import type { CellTexts } from './cell-texts.ts';
import type { Cells } from './cells.ts';

/** So many fill two words, with the length before the first half. */
const MAX_BYTES = 7;
const WORD_BITS = 32;
const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
const NOT_ASCII = 0x80_80_80_80;
/** From so many cells on a column whose texts are mostly new ones is left alone. */
const TRIAL = 4096;

/**
 * The texts of a column with few values, a side or a symbol: each is one string for all rows. It is not made anew, and
 * whoever compares it or looks something up by it pays once, not for each row.
 */
export class ShortTexts {
  readonly #column: number;
  readonly #lows = new Int32Array(SLOTS);
  readonly #highs = new Int32Array(SLOTS);
  readonly #texts: string[] = new Array(SLOTS).fill('');
  #calls = 0;
  #misses = 0;

  constructor(column: number) {
    this.#column = column;
  }

  /** The text of the column's cell of the row whose cells begin at `first` in `bounds`; it is not empty. */
  text(cells: Cells, first: number, texts: CellTexts): string {
    const { bounds, view } = cells;
    const end = bounds[first + 2 * this.#column + 1] as number;
    const length = end - (bounds[first + 2 * this.#column] as number);
    if (length > MAX_BYTES || end <= MAX_BYTES || this.#isOfNoUse())
      return texts.text(cells, first, this.#column);
    let low = length << 24;
    let high = view.getInt32(end - 4, true);
    if (length > 4) low |= view.getInt32(end - 8, true) >>> (2 * WORD_BITS - 8 * length);
    else if (length < 4) high >>>= WORD_BITS - 8 * length;
    const slot = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> (32 - SLOT_BITS);
    this.#calls++;
    if (this.#lows[slot] === low && this.#highs[slot] === high) return this.#texts[slot] as string;
    this.#misses++;
    const text = texts.text(cells, first, this.#column);
    if (((low | high) & NOT_ASCII) !== 0) return text;
    this.#lows[slot] = low;
    this.#highs[slot] = high;
    this.#texts[slot] = text;
    return text;
  }

  #isOfNoUse(): boolean {
    return this.#calls >= TRIAL && 2 * this.#misses > this.#calls;
  }
}
