import { addressOf, allocateFor } from './arena.ts';
import { Struct } from './struct.ts';

/** What a kernel is told once and follows for many rows: words, and behind them the bytes that words name by their place. */
export class Program {
  readonly #head: Buffer;
  readonly #words: Struct;
  readonly #parts: Uint8Array[] = [];
  #end: number;

  /** @param headBytes of the words, which are 0 at first */
  constructor(headBytes: number) {
    this.#head = Buffer.alloc(headBytes);
    this.#words = new Struct(this.#head);
    this.#end = headBytes;
  }

  setWord(at: number, value: number): void {
    this.#words.setWord(at, value);
  }

  /** Adds bytes behind all there is, and gives their place, counted from the program. */
  place(bytes: Uint8Array): number {
    const at = this.#end;
    this.#parts.push(bytes);
    this.#end += bytes.length;
    return at;
  }

  /** Puts it where kernels find it, as long as anyone holds `owner`; 0 when there is no memory for it. */
  addressFor(owner: object): number {
    const block = allocateFor(owner, this.#end);
    block.set(Buffer.concat([this.#head, ...this.#parts]));
    return addressOf(block);
  }
}
