/** What can be wrong with a number, in the words of feed handlers. */
export type SequenceBreak = 'gap' | 'repeat' | 'outOfOrder' | 'reset';

/** Of any size; as a number, exact, and one more is as well. */
export type WholeNumber = number | bigint;

/** A number that is not the expected one. */
export interface SequenceStep {
  readonly found: SequenceBreak;
  readonly expected: WholeNumber;
}

/** The numbers of one key. */
export class Sequence {
  readonly key: string;
  readonly #resetTo: number;
  /** null: none came yet. */
  #highest: WholeNumber | null = null;

  constructor(key: string, resetTo: number) {
    this.key = key;
    this.#resetTo = resetTo;
  }

  /** What a number is as the next one; null: as expected. Changes nothing. */
  compare(number: WholeNumber): SequenceStep | null {
    const highest = this.#highest;
    if (highest === null) return null;
    const expected = typeof highest === 'number' ? highest + 1 : highest + 1n;
    if (number > highest) return number > expected ? { found: 'gap', expected } : null;
    if (number < highest) return { found: number <= this.#resetTo ? 'reset' : 'outOfOrder', expected };
    return { found: 'repeat', expected };
  }

  /** Goes on from a number, after a gap as well: else every row behind it would be one. */
  advance(number: WholeNumber): void {
    this.#highest = number;
  }
}

/** The sequences of some keys, so that memory has a bound. */
export class Sequences {
  readonly #resetTo: number;
  readonly #max: number;
  readonly #sequences = new Map<string, Sequence>();

  constructor(resetTo: number, max: number) {
    this.#resetTo = resetTo;
    this.#max = max;
  }

  /** A key's sequence; null when there is no room for one more. */
  of(key: string): Sequence | null {
    const known = this.#sequences.get(key);
    if (known !== undefined) return known;
    if (this.#sequences.size >= this.#max) return null;
    const sequence = new Sequence(key, this.#resetTo);
    this.#sequences.set(key, sequence);
    return sequence;
  }
}

const WHOLE = /^-?[0-9]{1,40}$/;

/** A whole number, however a row has it; null when it is none. */
export function wholeNumber(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : null;
}
