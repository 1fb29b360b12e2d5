import type { RowOrigin } from '../plugin/source-record.ts';
import { addressOf, allocate, allocateWords, copyOf, release } from './arena.ts';
import type { BlockCells } from './block-rows.ts';
import type { BatchCells } from './cells.ts';

/** The cells of a batch, from where the parser put them. They move when kernels do not reach that, or when they need more. */
export class GrowingCells implements BatchCells {
  bytes: Buffer;
  view: DataView;
  bounds: Uint32Array;
  /** Cells of a row. */
  width: number;
  readonly origin: (row: number) => RowOrigin;
  #end: number;
  #ownText: Buffer | null = null;
  #ownBounds: Uint32Array | null = null;

  constructor({ bytes, bounds, textEnd }: BlockCells, width: number, origin: (row: number) => RowOrigin) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.bounds = bounds;
    this.width = width;
    this.origin = origin;
    this.#end = textEnd ?? bytes.length;
    if (addressOf(bytes) === 0) this.#moveText(this.#end);
    if (addressOf(bounds) === 0) {
      this.#ownBounds = copyOf(bounds);
      this.bounds = this.#ownBounds;
    }
  }

  room(length: number): number {
    const at = this.#end;
    this.#end = at + length;
    if (this.#end > this.bytes.length) this.#moveText(at);
    return at;
  }

  /** Adds cells at the end of each row, until it has `width` of them; what is in them is left to who set it. */
  widen(width: number, rowCount: number): void {
    const before = 2 * this.width;
    const after = 2 * width;
    if (after === before) return;
    const { bounds } = this;
    const wider = allocateWords(rowCount * after);
    for (let row = 0, from = 0, to = 0; row < rowCount; row++, from += before, to += after) {
      for (let i = 0; i < before; i++) wider[to + i] = bounds[from + i] as number;
    }
    if (this.#ownBounds !== null) release(this.#ownBounds);
    this.#ownBounds = wider;
    this.bounds = wider;
    this.width = width;
  }

  /** Gives the memory back. Nothing may be read afterwards. */
  release(): void {
    if (this.#ownText !== null) release(this.#ownText);
    if (this.#ownBounds !== null) release(this.#ownBounds);
    this.#ownText = null;
    this.#ownBounds = null;
  }

  #moveText(used: number): void {
    const larger = allocate(2 * this.#end);
    larger.set(this.bytes.subarray(0, used));
    if (this.#ownText !== null) release(this.#ownText);
    this.#ownText = larger;
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
