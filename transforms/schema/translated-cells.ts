import { type BatchCells, writeCell } from '../../src/rows/index.ts';
import type { CompiledField } from './compile-fields.ts';

/** A field whose cells may be in a form of its own, and where they are. */
export interface TranslatedField {
  readonly field: CompiledField;
  readonly column: number;
}

/** Gives the plain form of a cell's text; the text itself where it means nothing, null where it has no plain form. */
type Translate = (text: string) => string | null;

/** Puts cells of rows that are in forms of their fields' own into their plain forms, and back. */
export class TranslatedCells {
  readonly #columns: readonly number[];
  readonly #translate: readonly Translate[];
  /** The bounds of the row's cells as they were, of as many as were looked at. */
  readonly #asRead: Uint32Array;
  #looked = 0;

  private constructor(fields: readonly TranslatedField[]) {
    this.#columns = fields.map(({ column }) => column);
    this.#translate = fields.map(({ field }) => translator(field));
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
      const start = bounds[at] as number;
      const end = bounds[at + 1] as number;
      this.#asRead[2 * index] = start;
      this.#asRead[2 * index + 1] = end;
      this.#looked++;
      if (start === end) continue;
      const text = cells.bytes.toString('utf8', start, end);
      const plain = (this.#translate[index] as Translate)(text);
      if (plain === null) return false;
      if (plain !== text) writeCell(cells, at, plain);
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

function translator({ trim, nullValues, parser }: CompiledField): Translate {
  const nothing = new Set(['', ...nullValues]);
  return (cell) => {
    const text = trim ? cell.trim() : cell;
    if (nothing.has(text)) return cell;
    const value = parser.parse(text);
    if (value === undefined || value === null || Object.is(value, -0)) return null;
    const plain = String(value);
    return nothing.has(plain) ? null : plain;
  };
}
