import type { TextDecoding } from './decoding.ts';
import { TOO_LONG_KEPT_BYTES } from './long-rows.ts';
import type { Split } from './text-format.ts';

/**
 * Where rows stand in the file's own bytes, of which there are `length`: of a row that is much too long, only its
 * beginning. Changes the bounds in their place.
 */
export function rowsInFile(split: Split, text: Buffer, decoding: TextDecoding, length: number): Uint32Array {
  const { rowBounds, faults } = split;
  if (!decoding.keepsLengths) toFile(rowBounds, text, decoding, length);
  for (const [index, { isCut }] of faults) {
    if (!isCut) continue;
    const start = rowBounds[2 * index] as number;
    rowBounds[2 * index + 1] = Math.min(rowBounds[2 * index + 1] as number, start + TOO_LONG_KEPT_BYTES);
  }
  return rowBounds;
}

/** Positions in UTF-8 only grow. */
function toFile(positions: Uint32Array, text: Buffer, decoding: TextDecoding, length: number): void {
  let at = 0;
  let inFile = 0;
  for (const [index, position] of positions.entries()) {
    inFile += decoding.fileLength(text, at, position);
    at = position;
    positions[index] = Math.min(inFile, length);
  }
}
