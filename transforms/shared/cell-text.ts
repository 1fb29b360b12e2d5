import type { CellField } from '../../src/rows/index.ts';
import { isNothing } from './add-fields.ts';

/**
 * Reads the text of a field's value, the one that `String` makes of it, from its cell; null where nothing is in it.
 * The plain form of a cell is that text.
 */
export function cellText({
  empty,
  case: toCase,
}: CellField): (bytes: Buffer, start: number, end: number) => string | null {
  const nothing = isNothing(empty) ? null : String(empty);
  return (bytes, start, end) => {
    if (start === end) return nothing;
    const text = bytes.toString('utf8', start, end);
    if (toCase === null) return text;
    return toCase === 'lower' ? text.toLowerCase() : text.toUpperCase();
  };
}
