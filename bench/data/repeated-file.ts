import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { DataSet } from './data-set.ts';

export interface RepeatedFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Writes the header of the data set's file once, and its rows again and again until the file has `bytes` or more. */
export function writeRepeated(from: DataSet, path: string, bytes: number): RepeatedFile {
  const content = readFileSync(from.csvPath);
  const rowsStart = content.indexOf('\n') + 1;
  const rows = content.subarray(rowsStart);
  const file = openSync(path, 'w');
  let written = writeSync(file, content, 0, rowsStart);
  let times = 0;
  for (; written < bytes; times++) written += writeSync(file, rows);
  closeSync(file);
  return { path, rows: times * from.rows, bytes: written };
}
