import type { BatchCells } from '../../src/rows/index.ts';

/** Up to so many bytes a loop is faster than a native copy. */
const SHORT_COPY = 64;

/** Texts of neighbouring cells that many rows have: they stand in a batch once, and each row's cells say where. */
export class SharedTexts {
  readonly #bytes: Buffer;
  /** Where each text starts in them, and where the last one ends. */
  readonly #bounds: readonly number[];
  #at = 0;

  /** @param texts null for an empty cell */
  constructor(texts: readonly (string | null)[]) {
    const parts = texts.map((text) => Buffer.from(text ?? ''));
    const bounds = [0];
    for (const part of parts) bounds.push((bounds.at(-1) as number) + part.length);
    this.#bytes = Buffer.concat(parts);
    this.#bounds = bounds;
  }

  /** Puts the texts into a batch, once before `set` is called for its rows. */
  writeTo(cells: BatchCells): void {
    const own = this.#bytes;
    const at = cells.room(own.length);
    const { bytes } = cells;
    if (own.length > SHORT_COPY) bytes.set(own, at);
    else for (let i = 0; i < own.length; i++) bytes[at + i] = own[i] as number;
    this.#at = at;
  }

  /** Sets the cells that begin at `at` in `bounds`. */
  set(bounds: Uint32Array, at: number): void {
    const own = this.#bounds;
    for (let i = 0; i + 1 < own.length; i++) {
      bounds[at + 2 * i] = this.#at + (own[i] as number);
      bounds[at + 2 * i + 1] = this.#at + (own[i + 1] as number);
    }
  }
}
