import { isUtf8 } from 'node:buffer';
import { access, constants, readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { didYouMean } from '../../src/values/closest-name.ts';
import { shownText } from '../../src/values/shown.ts';
import { whyUnreadable } from '../../src/values/why-unreadable.ts';

/** The values of the fields in their order, by key; null where the cell is empty. */
export type ReferenceRows = ReadonlyMap<string, readonly (string | null)[]>;

export interface ReferenceColumns {
  /** The column that rows are found by. */
  readonly key: string;
  readonly fields: readonly string[];
}

/** A record as csv-parse gives it with `info`. */
interface ParsedLine {
  readonly record: readonly string[];
  /** Of lines, how many it had read when the record was complete. */
  readonly info: { readonly lines: number };
}

/** @throws HeadraceError CONFIG_INVALID when the file cannot be read, is no such table, or lacks a column */
export async function readReferenceFile(path: string, columns: ReferenceColumns): Promise<ReferenceRows> {
  const bytes = await readFile(path).catch((cause) => {
    throw unusable(path, whyUnreadable(cause), cause);
  });
  try {
    if (!isUtf8(bytes)) throw new Error('expected UTF-8, got other bytes');
    const lines = parse(bytes, { bom: true, info: true, skip_empty_lines: true }) as unknown as ParsedLine[];
    return rowsOf(lines, columns);
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
}

/** @throws HeadraceError CONFIG_INVALID when there is no file to read */
export async function requireReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((cause) => {
    throw unusable(path, whyUnreadable(cause), cause);
  });
}

function unusable(path: string, reason: string, cause: unknown): HeadraceError {
  return new HeadraceError('CONFIG_INVALID', `lookup: file ${path}: ${reason}`, { cause });
}

function rowsOf([header, ...lines]: readonly ParsedLine[], columns: ReferenceColumns): ReferenceRows {
  if (header === undefined)
    throw new Error('expected a header with the names of the columns, got an empty file');
  const keyAt = columnAt(header.record, columns.key);
  const fieldsAt = columns.fields.map((name) => columnAt(header.record, name));
  const rows = new Map<string, readonly (string | null)[]>();
  const lineOf = new Map<string, number>();
  for (const { record, info } of lines) {
    const key = record[keyAt] as string;
    if (key === '') throw new Error(`line ${info.lines}: the key column ${columns.key} is empty`);
    const before = lineOf.get(key);
    if (before !== undefined) throw new Error(duplicateKey(columns.key, key, before, info.lines));
    lineOf.set(key, info.lines);
    const values = fieldsAt.map((at) => record[at] as string);
    rows.set(
      key,
      values.map((value) => (value === '' ? null : value)),
    );
  }
  return rows;
}

function columnAt(header: readonly string[], name: string): number {
  const at = header.indexOf(name);
  if (at < 0) {
    const names = header.map((column) => JSON.stringify(column)).join(', ');
    throw new Error(
      `expected a column ${JSON.stringify(name)}, got ${names}${didYouMean(name, header, shownText)}`,
    );
  }
  if (header.indexOf(name, at + 1) > 0) throw new Error(`has more than one column ${JSON.stringify(name)}`);
  return at;
}

function duplicateKey(column: string, key: string, first: number, second: number): string {
  return `${column} ${JSON.stringify(key)} stands in lines ${first} and ${second}; a key may have one row only`;
}
