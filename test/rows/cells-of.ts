import type { Cells } from '../../src/rows/index.ts';

/** Cells one behind another, with a byte between that belongs to none. */
export function cellsOf(texts: readonly string[]): Cells {
  const bounds: number[] = [];
  let end = 0;
  for (const text of texts) {
    bounds.push(end, end + Buffer.byteLength(text));
    end += Buffer.byteLength(text) + 1;
  }
  const bytes = Buffer.from(texts.map((text) => `${text},`).join(''));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, view, bounds: Uint32Array.from(bounds) };
}
