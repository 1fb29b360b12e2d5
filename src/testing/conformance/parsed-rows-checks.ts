import type { ParsedRows, ReadProgress } from '../../plugin/index.ts';
import type { BlockRows } from '../../rows/block-rows.ts';
import { expectSame, expectThat } from './conformance-case.ts';

/**
 * Holds rows against the file that they are of: every byte is in one run of rows, and what is counted is what is there.
 *
 * @param before where the rows before them ended; null at the beginning of the file
 */
export function expectSound(rows: ParsedRows, content: Buffer, before: ReadProgress | null): void {
  const { bytes, position, rowCount, progress, eof } = rows;
  expectSame('the byte at which rows begin', before?.position ?? 0, position);
  expectSame('the bytes of rows', content.subarray(position, position + bytes.length), bytes);
  const skipped = (rows as BlockRows).skipped?.length ?? 0;
  expectSame('progress.position', position + bytes.length + skipped, progress.position);
  expectSame('progress.row', (before?.row ?? 0) + rowCount, progress.row);
  expectThat(
    progress.line >= (before?.line ?? 0) && progress.head <= content.length,
    () => `expected a progress within the file, got line ${progress.line} and head ${progress.head}`,
  );
  if (eof) expectSame('progress.position at the end of the file', content.length, progress.position);
  expectInOrder('rowBounds', [...rows.rowBounds.subarray(0, 2 * rowCount)], bytes.length);
  // The last line of a file may have no end to be counted.
  expectInOrder('lines', [...rows.lines.subarray(0, rowCount)], progress.line + 1);
  expectCells(rows);
  expectRejections(rows);
}

function expectInOrder(what: string, numbers: readonly number[], most: number): void {
  const index = numbers.findIndex((number, at) => number > most || number < (numbers[at - 1] ?? 0));
  const got = () =>
    `${what}: expected numbers up to ${most} that do not go down, got ${numbers[index]} at ${index}`;
  expectThat(index === -1, got);
}

function expectCells({ cells, columns, rowCount }: ParsedRows): void {
  for (let cell = 0; cell < rowCount * columns.length; cell++) {
    const [start, end] = [cells.bounds[2 * cell] as number, cells.bounds[2 * cell + 1] as number];
    const message = () =>
      `cells.bounds: expected a start and an end within ${cells.bytes.length} bytes, got ${start} and ${end} of cell ${cell}`;
    expectThat(start <= end && end <= cells.bytes.length, message);
  }
}

function expectRejections({ rejections = new Map(), rowCount }: ParsedRows): void {
  for (const [index, { stage }] of rejections) {
    const isRow = Number.isInteger(index) && index >= 0 && index < rowCount;
    expectThat(isRow, () => `rejections: expected the indexes of ${rowCount} rows, got ${index}`);
    expectSame('the stage of a rejection', 'PARSE', stage);
  }
}
