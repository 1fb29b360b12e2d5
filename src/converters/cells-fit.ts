import type { Cells, FixedBytes } from '../plugin/index.ts';

/** How a field's cell is written, as far as it may be refused. */
export interface CheckedCell {
  readonly column: number;
  readonly form: {
    /** null where every cell fits. */
    readonly fits: ((bytes: Buffer, start: number, end: number) => boolean) | null;
  };
  /** What is written for an empty cell; null where there must be none. */
  readonly empty: FixedBytes | null;
}

/** Those of the fields that have something to check. */
export function checkedCells<C extends CheckedCell>(fields: readonly C[]): readonly C[] {
  return fields.filter(({ form, empty }) => form.fits !== null || empty === null);
}

/** Whether each of them can be written, of the row whose cells begin at `first`. */
export function cellsFit(checked: readonly CheckedCell[], { bytes, bounds }: Cells, first: number): boolean {
  for (const { column, form, empty } of checked) {
    const start = bounds[first + 2 * column] as number;
    const end = bounds[first + 2 * column + 1] as number;
    if (start === end ? empty === null : form.fits?.(bytes, start, end) === false) return false;
  }
  return true;
}
