import type { BatchCells, Cells } from './cells.ts';
import type { RowOrigin } from './source-record.ts';

/** Enough for the text of a chunk and as much again. */
const FIRST_TEXT_BYTES = 512 * 1024;
const SPARES = 8;

/** Memory of batches that are done with: new memory for each would pile up between garbage collections. */
const SPARE_TEXT: Buffer[] = [];
const SPARE_BOUNDS: Uint32Array[] = [];

/** The cells of a batch, from where the parser put them. They move to memory of their own when something is added. */
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

  constructor({ bytes, bounds }: Omit<Cells, 'view'>, width: number, origin: (row: number) => RowOrigin) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.bounds = bounds;
    this.width = width;
    this.origin = origin;
    this.#end = bytes.length;
  }

  room(length: number): number {
    const at = this.#end;
    this.#end = at + length;
    if (this.#ownText === null || this.#end > this.#ownText.length) this.#moveText(at);
    return at;
  }

  /** Adds cells at the end of each row, until it has `width` of them; what is in them is left to who set it. */
  widen(width: number, rowCount: number): void {
    const before = 2 * this.width;
    const after = 2 * width;
    if (after === before) return;
    const { bounds } = this;
    const wider = takeBounds(rowCount * after);
    for (let row = 0, from = 0, to = 0; row < rowCount; row++, from += before, to += after) {
      for (let i = 0; i < before; i++) wider[to + i] = bounds[from + i] as number;
    }
    if (this.#ownBounds !== null) giveBounds(this.#ownBounds);
    this.#ownBounds = wider;
    this.bounds = wider;
    this.width = width;
  }

  /** Gives the memory back. Nothing may be read afterwards. */
  release(): void {
    if (this.#ownText !== null) giveText(this.#ownText);
    if (this.#ownBounds !== null) giveBounds(this.#ownBounds);
    this.#ownText = null;
    this.#ownBounds = null;
  }

  #moveText(used: number): void {
    const larger = takeText(this.#end);
    larger.set(this.bytes.subarray(0, used));
    if (this.#ownText !== null) giveText(this.#ownText);
    this.#ownText = larger;
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

function takeText(length: number): Buffer {
  let capacity = FIRST_TEXT_BYTES;
  while (capacity < length) capacity *= 2;
  const spare = capacity === FIRST_TEXT_BYTES ? SPARE_TEXT.pop() : undefined;
  return spare ?? Buffer.allocUnsafeSlow(capacity);
}

function giveText(text: Buffer): void {
  if (text.length === FIRST_TEXT_BYTES && SPARE_TEXT.length < SPARES) SPARE_TEXT.push(text);
}

function takeBounds(length: number): Uint32Array {
  const spare = SPARE_BOUNDS.pop();
  return spare !== undefined && spare.length >= length ? spare : new Uint32Array(length + (length >> 2));
}

function giveBounds(bounds: Uint32Array): void {
  if (SPARE_BOUNDS.length < SPARES) SPARE_BOUNDS.push(bounds);
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
