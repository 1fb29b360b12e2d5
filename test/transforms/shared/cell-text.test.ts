import { expect, it } from 'vitest';
import type { CellField } from '../../../src/rows/index.ts';
import { cellText } from '../../../transforms/shared/cell-text.ts';

function textOf(content: string, field: Partial<CellField>): string | null {
  const bytes = Buffer.from(`(${content})`);
  const read = cellText({ name: 'n', column: 0, type: 'string', empty: null, case: null, ...field });
  return read(bytes, 1, bytes.length - 1);
}

it.each<[what: string, cell: string, field: Partial<CellField>, text: string | null]>([
  ['as it stands', 'Žlu', {}, 'Žlu'],
  ['in upper case', 'Buy', { case: 'upper' }, 'BUY'],
  ['in lower case', 'Buy', { case: 'lower' }, 'buy'],
  ['nothing for null', '', {}, null],
  ['nothing for the empty text', '', { empty: '' }, null],
  ['the default of an empty cell, as text', '', { empty: -7n, type: 'long' }, '-7'],
])('the text of a cell is %s', (_, cell, field, text) => {
  expect(textOf(cell, field)).toBe(text);
});
