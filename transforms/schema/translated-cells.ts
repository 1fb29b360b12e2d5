import { type BatchCells, type Cells, writeCell } from '../../src/rows/index.ts';
import type { CompiledField } from './compile-fields.ts';

/** A field whose cells may be in a form of its own. */
export interface TranslatedField {
  readonly field: CompiledField;
  /** Where its plain cell is to be. */
  readonly column: number;
  /** Where its text comes from: several cells where it has a template. */
  readonly sources: readonly number[];
}

/** Puts cells of rows that are in forms of their fields' own into their plain forms, and back. */
export class TranslatedCells {
  readonly #columns: readonly number[];
  readonly #plain: readonly PlainCell[];
  /** The bounds of the row's cells as they were, of as many as were looked at. */
  readonly #asRead: Uint32Array;
  #looked = 0;

  private constructor(fields: readonly TranslatedField[]) {
    this.#columns = fields.map(({ column }) => column);
    this.#plain = fields.map(plainCell);
    this.#asRead = new Uint32Array(2 * fields.length);
  }

  /** null where there is no field. */
  static of(fields: readonly TranslatedField[]): TranslatedCells | null {
    return fields.length === 0 ? null : new TranslatedCells(fields);
  }

  /** Translates the cells of the row that begins at `first` in `bounds`; false where one of them has no plain form. */
  translate(cells: BatchCells, first: number): boolean {
    const { bounds } = cells;
    const columns = this.#columns;
    this.#looked = 0;
    for (let index = 0; index < columns.length; index++) {
      const at = first + 2 * (columns[index] as number);
      this.#asRead[2 * index] = bounds[at] as number;
      this.#asRead[2 * index + 1] = bounds[at + 1] as number;
      this.#looked++;
      const plain = (this.#plain[index] as PlainCell)(cells, first);
      if (plain === null) return false;
      if (plain !== AS_READ) writeCell(cells, at, plain);
    }
    return true;
  }

  /** Gives the cells that were translated last back as they were. */
  restore({ bounds }: BatchCells, first: number): void {
    for (let index = this.#looked - 1; index >= 0; index--) {
      const at = first + 2 * (this.#columns[index] as number);
      bounds[at] = this.#asRead[2 * index] as number;
      bounds[at + 1] = this.#asRead[2 * index + 1] as number;
    }
    this.#looked = 0;
  }
}

/** Stands for a cell that is to stay as it is. */
const AS_READ = Symbol('as read');

/** The text of a field's plain cell in the row that begins at `first`; null where it has none. */
type PlainCell = (cells: Cells, first: number) => string | typeof AS_READ | null;

function plainCell({ field, sources }: TranslatedField): PlainCell {
  const { template, trim, nullValues } = field;
  const plain = plainText(field);
  const nothing = new Set(['', ...nullValues]);
  if (template === null) {
    const [source] = sources as [number];
    // Days and words are mostly those of the row before.
    let last: string | null = null;
    let lastPlain: string | typeof AS_READ | null = null;
    return (cells, first) => {
      const cell = textAt(cells, first + 2 * source);
      if (cell === last) return lastPlain;
      const text = trim ? cell.trim() : cell;
      last = cell;
      // Whether nothing may be there is asked of all cells alike.
      lastPlain = nothing.has(text) ? AS_READ : plain(text);
      if (lastPlain === cell) lastPlain = AS_READ;
      return lastPlain;
    };
  }
  return (cells, first) => {
    const texts = sources.map((source) => {
      const cell = textAt(cells, first + 2 * source);
      const text = trim ? cell.trim() : cell;
      return nothing.has(text) ? '' : text;
    });
    const text = template.textOf(texts);
    return nothing.has(text) ? '' : plain(trim ? text.trim() : text);
  };
}

function textAt({ bytes, bounds }: Cells, at: number): string {
  const start = bounds[at] as number;
  const end = bounds[at + 1] as number;
  return start === end ? '' : bytes.toString('utf8', start, end);
}

/** The text of the plain form of a value; null for a text that is none, and for values whose text would be something else. */
function plainText({ parser, nullValues }: CompiledField): (text: string) => string | null {
  return (text) => {
    const value = parser.parse(text);
    if (value === undefined || value === null || Object.is(value, -0)) return null;
    const plain = String(value);
    return plain === '' || nullValues.includes(plain) ? null : plain;
  };
}
