import { addressOf, wordsOf } from './arena.ts';

/** Numbers that a kernel reads and writes as well, each at the byte where a layout of `kernels/` has it. */
export class Struct {
  readonly #words: Uint32Array;
  readonly #floats: Float64Array;

  /** @param block what it stands in, from its beginning on */
  constructor(block: Buffer) {
    const { buffer, byteOffset, length } = block;
    this.#words = wordsOf(block);
    this.#floats = new Float64Array(buffer, byteOffset, length >> 3);
  }

  /** Where kernels find it; 0 where they cannot reach it. */
  get address(): number {
    return addressOf(this.#words);
  }

  /** A whole number of 32 bits, without a sign. */
  word(at: number): number {
    return this.#words[at >> 2] as number;
  }

  /** Takes negative numbers as well, which the kernel must know for such. */
  setWord(at: number, value: number): void {
    this.#words[at >> 2] = value;
  }

  /** A number of 64 bits. */
  float(at: number): number {
    return this.#floats[at >> 3] as number;
  }

  setFloat(at: number, value: number): void {
    this.#floats[at >> 3] = value;
  }
}
