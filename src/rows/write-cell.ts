import type { BatchCells } from './cells.ts';

/** Up to so many characters a loop is faster than a native copy. */
const SHORT_TEXT = 64;

/** Sets the cell at `at` in `bounds` to a text, which must be well formed; the text is added behind all there is. */
export function writeCell(cells: BatchCells, at: number, text: string): void {
  const length = text.length <= SHORT_TEXT && isAscii(text) ? text.length : Buffer.byteLength(text);
  const start = cells.room(length);
  const { bytes, bounds } = cells;
  if (length > SHORT_TEXT || length > text.length) bytes.write(text, start);
  else for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
  bounds[at] = start;
  bounds[at + 1] = start + length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
