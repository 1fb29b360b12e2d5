import { GrowingCells } from '../../../src/rows/growing-cells.ts';
import {
  allocate,
  allocateWords,
  type BatchCells,
  type CellField,
  type CellPlan,
  type Cells,
  type CellTransformation,
  release,
} from '../../../src/rows/index.ts';
import type { SchemaCells } from '../../../transforms/schema/schema-cells.ts';
import { fakeFile } from '../support.ts';

const ORIGIN = { filePath: 'trades.csv', fileName: 'trades.csv', row: 1, line: 1, offset: 0 };

type Column = Pick<CellField, 'name' | 'column'>;

/** The stage of a schema for rows of so many cells, of which these are fields. */
export function stageFor(
  transformation: CellTransformation,
  columns: readonly Column[],
  width = columns.length,
): SchemaCells {
  const fields = columns.map((column) => ({ ...column, type: 'string', empty: '', case: null }) as const);
  const none = { valueSchema: null, topic: null, partition: null, key: null, timestamp: null };
  const plan: CellPlan = { width, fields, ...none };
  return transformation.compileCells?.(plan, fakeFile()) as SchemaCells;
}

/** Rows of cells where kernels reach them, each cell right behind the one before, as where quotes were taken away. */
export function kernelCells(rows: readonly (readonly string[])[]): GrowingCells {
  const cells = rows.flat();
  const text = Buffer.from(cells.join(''));
  const bytes = allocate(text.length);
  bytes.set(text);
  const bounds = allocateWords(2 * cells.length);
  let at = 0;
  cells.forEach((cell, i) => {
    bounds[2 * i] = at;
    at += Buffer.byteLength(cell);
    bounds[2 * i + 1] = at;
  });
  return new GrowingCells({ bytes, bounds, textEnd: text.length }, rows[0]?.length ?? 0, () => ORIGIN);
}

/** The rows that a stage takes, which goes on behind each that it does not. */
export function takenRows(stage: SchemaCells, cells: BatchCells, rowCount: number): boolean[] {
  const taken: boolean[] = [];
  while (taken.length < rowCount) {
    const first = stage.takes(cells, taken.length, rowCount);
    while (taken.length < first) taken.push(true);
    if (first < rowCount) taken.push(false);
  }
  return taken;
}

/** The texts of rows of so many cells. */
export function textsOf({ bytes, bounds }: Cells, width: number): string[][] {
  return Array.from({ length: bounds.length / (2 * width) }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const at = 2 * (row * width + column);
      return bytes.toString('utf8', bounds[at], bounds[at + 1]);
    }),
  );
}

export function releaseCells(cells: GrowingCells, { bytes, bounds }: Cells): void {
  cells.release();
  release(bytes);
  release(bounds);
}
