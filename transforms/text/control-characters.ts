import type { BlockRows } from '../../src/rows/index.ts';
import type { Fault } from './row-table.ts';
import type { Split } from './text-format.ts';

export const controlOption = {
  controlCharacters: {
    doc: `What becomes of control characters in cells, NUL among them (U+0000 to U+001F but tab and line ends, and U+007F): \
\`keep\`, \`remove\` them, or \`reject\` the row.`,
    format: ['keep', 'remove', 'reject'],
    default: 'keep',
  },
} as const;

export type ControlCharacters = 'keep' | 'remove' | 'reject';

type Cells = BlockRows['cells'];

const SPACE = 0x20;
const DELETE = 0x7f;
const [TAB, LF, CR] = [0x09, 0x0a, 0x0d];

/**
 * Takes them away from the cells of rows. What is left of a cell that stands among the file's bytes, before `ownFrom`, stands
 * behind all other text, where there is room for as much as there is before it.
 */
export function withoutControls(split: Split, ownFrom: number): Split {
  const { bytes, bounds } = split.cells;
  let textEnd = split.cells.textEnd ?? bytes.length;
  for (let at = 0; at < bounds.length; at += 2) {
    const [start, end] = [bounds[at] as number, bounds[at + 1] as number];
    if (firstControl(bytes, start, end) === end) continue;
    const begin = start < ownFrom ? textEnd : start;
    let to = begin;
    for (let i = start; i < end; i++) if (!isControl(bytes[i] as number)) bytes[to++] = bytes[i] as number;
    bounds[at] = begin;
    bounds[at + 1] = to;
    textEnd = Math.max(textEnd, to);
  }
  return { ...split, cells: { ...split.cells, textEnd } };
}

/** The rows that have them, by their index. */
export function* controlFaults(
  { cells, rowCount }: Pick<Split, 'cells' | 'rowCount'>,
  columns: readonly string[],
): Generator<[row: number, Fault]> {
  for (let row = 0; row < rowCount; row++) {
    for (const [column, name] of columns.entries()) {
      const code = controlIn(cells, row * columns.length + column);
      if (code === null) continue;
      const shown = code.toString(16).toUpperCase().padStart(4, '0');
      yield [
        row,
        {
          errorName: 'ControlCharacter',
          message: `expected text without control characters (control.characters: reject), got U+${shown} in column ${JSON.stringify(name)}`,
        },
      ];
      break;
    }
  }
}

/** A name of a column without them. */
export function nameWithoutControls(name: string): string {
  return Array.from(name)
    .filter((character) => !isControl(character.codePointAt(0) as number))
    .join('');
}

function controlIn({ bytes, bounds }: Cells, cell: number): number | null {
  const end = bounds[2 * cell + 1] as number;
  const at = firstControl(bytes, bounds[2 * cell] as number, end);
  return at === end ? null : (bytes[at] as number);
}

function firstControl(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && !isControl(bytes[at] as number)) at++;
  return at;
}

function isControl(code: number): boolean {
  return code < SPACE ? code !== TAB && code !== LF && code !== CR : code === DELETE;
}
