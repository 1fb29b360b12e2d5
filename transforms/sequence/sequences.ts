/** What can be wrong with a number, in the words of feed handlers. */
export type SequenceBreak = 'gap' | 'repeat' | 'outOfOrder' | 'reset';

/** What a number is to those before it. */
export interface SequenceStep {
  /** null: as expected. */
  readonly found: SequenceBreak | null;
  readonly expected: bigint;
}

/** The highest number of each sequence; of some, so that memory has a bound. */
export class Sequences {
  readonly #resetTo: bigint;
  readonly #max: number;
  readonly #highest = new Map<string, bigint>();

  constructor(resetTo: bigint, max: number) {
    this.#resetTo = resetTo;
    this.#max = max;
  }

  /**
   * Takes the next number of a sequence; null when there is no room for one more sequence. After a gap the sequence goes
   * on from the number that came, else every row behind it would be a gap as well.
   */
  take(key: string, number: bigint): SequenceStep | null {
    const highest = this.#highest.get(key);
    if (highest === undefined && this.#highest.size >= this.#max) return null;
    const expected = highest === undefined ? number : highest + 1n;
    const found = this.#compare(number, expected);
    if (found !== 'repeat' && found !== 'outOfOrder') this.#highest.set(key, number);
    return { found, expected };
  }

  #compare(number: bigint, expected: bigint): SequenceBreak | null {
    if (number === expected) return null;
    if (number > expected) return 'gap';
    if (number === expected - 1n) return 'repeat';
    return number <= this.#resetTo ? 'reset' : 'outOfOrder';
  }
}

const WHOLE = /^-?[0-9]{1,40}$/;

/** A whole number, however a row has it; null when it is none. */
export function wholeNumber(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : null;
}
