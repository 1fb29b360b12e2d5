import {
  type BatchCells,
  type CellField,
  type CellPlan,
  type CellStage,
  rowByRow,
} from '../../src/rows/index.ts';
import { CellCache } from '../shared/cell-cache.ts';
import { cellText } from '../shared/cell-text.ts';
import { SharedTexts } from '../shared/shared-texts.ts';
import type { ReferenceRows } from './reference-file.ts';
import type { ReloadingTable } from './reloading-table.ts';

/** What the table has for a key. */
interface Match {
  /** The key is in the table. */
  readonly isFound: boolean;
  readonly texts: SharedTexts;
  /** The batch that the texts were written to last. */
  batch: number;
}

/** Adds cells for what the table has for each row's key. */
export class LookupCells implements CellStage {
  readonly plan: CellPlan;
  readonly #table: ReloadingTable;
  readonly #rejectMissing: boolean;
  readonly #keyColumn: number;
  readonly #keyText: ReturnType<typeof cellText>;
  /** Where the new cells begin in a row. */
  readonly #column: number;
  readonly #fieldCount: number;
  readonly #known = new CellCache<Match>();
  readonly #missed: Match;
  /** The rows that `known` was made from. */
  #rows: ReferenceRows;
  #cells: BatchCells | null = null;
  #batch = 0;

  constructor(
    plans: { readonly before: CellPlan; readonly after: CellPlan },
    key: CellField,
    table: ReloadingTable,
    rejectMissing: boolean,
  ) {
    this.plan = plans.after;
    this.#column = plans.before.width;
    this.#fieldCount = plans.after.width - plans.before.width;
    this.#keyColumn = key.column;
    this.#keyText = cellText(key);
    this.#table = table;
    this.#rejectMissing = rejectMissing;
    this.#rows = table.rows;
    this.#missed = { isFound: false, texts: this.#textsOf(undefined), batch: 0 };
  }

  takes(cells: BatchCells, from: number, to: number): number {
    if (cells !== this.#cells) this.#begin(cells);
    return rowByRow(from, to, (row) => this.#take(cells, row));
  }

  #take(cells: BatchCells, row: number): boolean {
    const { bytes, bounds } = cells;
    const first = 2 * row * this.plan.width;
    const at = first + 2 * this.#keyColumn;
    const match = this.#find(bytes, bounds[at] as number, bounds[at + 1] as number);
    if (!match.isFound && this.#rejectMissing) return false;
    if (match.batch !== this.#batch) {
      match.batch = this.#batch;
      match.texts.writeTo(cells);
    }
    match.texts.set(bounds, first + 2 * this.#column);
    return true;
  }

  #begin(cells: BatchCells): void {
    this.#cells = cells;
    this.#batch++;
    if (this.#rows === this.#table.rows) return;
    this.#rows = this.#table.rows;
    this.#known.clear();
  }

  #find(bytes: Buffer, start: number, end: number): Match {
    const known = this.#known.get(bytes, start, end);
    if (known !== undefined) return known;
    const text = this.#keyText(bytes, start, end);
    const values = text === null ? undefined : this.#rows.get(text);
    if (values === undefined) return this.#missed;
    const match = { isFound: true, texts: this.#textsOf(values), batch: 0 };
    this.#known.set(bytes, start, end, match);
    return match;
  }

  #textsOf(values: readonly (string | null)[] | undefined): SharedTexts {
    return new SharedTexts(values ?? new Array(this.#fieldCount).fill(null));
  }
}
