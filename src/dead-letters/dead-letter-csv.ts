import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { HeadraceError, messageOf } from '../errors.ts';
import type { DeadLetter } from './dead-letter.ts';

/** The columns of `errors.deadletterqueue.file`. A program that changes the file may add others behind them. */
const COLUMNS = ['row_number', 'error', 'record', 'file', 'line', 'offset', 'stage'] as const;
const QUOTE = Buffer.from('"');
const DOUBLED = Buffer.from('""');

type Column = (typeof COLUMNS)[number];

/** A row of such a file. */
export type CsvLetter = Pick<DeadLetter, 'row' | 'line' | 'offset' | 'file' | 'stage' | 'message' | 'raw'>;

/**
 * Reads dead letters from CSV, byte for byte.
 *
 * @param end bytes to read of the file; null for all of it
 * @throws HeadraceError CONFIG_INVALID when it cannot be read, or is no such file
 */
export async function readDeadLetterCsv(path: string, end: number | null = null): Promise<CsvLetter[]> {
  if (end === 0) return [];
  const letters: CsvLetter[] = [];
  let indexes: ReadonlyMap<Column, number> | null = null;
  try {
    await pipeline(
      createReadStream(path, end === null ? {} : { end: end - 1 }),
      parse({ encoding: null, relaxColumnCount: true, bom: true }),
      async (records: AsyncIterable<Buffer[]>) => {
        for await (const cells of records) {
          if (indexes === null) indexes = indexesOf(path, cells.map(String));
          else letters.push(letterOf(path, letters.length + 1, cells, indexes));
        }
      },
    );
  } catch (error) {
    if (error instanceof HeadraceError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'no such file' : `cannot be read: ${messageOf(error)}`;
    throw new HeadraceError('CONFIG_INVALID', `${path}: ${reason}`, { cause: error });
  }
  if (indexes === null) throw notDeadLetters(path, 'it is empty');
  return letters;
}

/** Dead letters as CSV, header first, with every record quoted as it is. */
export function deadLetterCsv(letters: readonly CsvLetter[]): Buffer {
  const rows = letters.flatMap(({ row, message, raw, file, line, offset, stage }) => [
    Buffer.from(`${row},`),
    quoted(Buffer.from(message)),
    Buffer.from(','),
    quoted(raw),
    Buffer.from(','),
    quoted(Buffer.from(file)),
    Buffer.from(`,${line},${offset},${stage}\n`),
  ]);
  return Buffer.concat([Buffer.from(`${COLUMNS.join(',')}\n`), ...rows]);
}

function indexesOf(path: string, names: readonly string[]): ReadonlyMap<Column, number> {
  const indexes = new Map(COLUMNS.map((column) => [column, names.indexOf(column)]));
  const missing = COLUMNS.filter((column) => indexes.get(column) === -1);
  if (missing.length > 0) throw notDeadLetters(path, `it has no column ${missing.join(', ')}`);
  return indexes;
}

function letterOf(
  path: string,
  number: number,
  cells: readonly Buffer[],
  indexes: ReadonlyMap<Column, number>,
): CsvLetter {
  const bytes = (column: Column) => cells[indexes.get(column) as number] ?? Buffer.alloc(0);
  const whole = (column: Column) => {
    const text = bytes(column).toString();
    if (/^\d+$/.test(text)) return Number(text);
    const message = `${path}: dead letter ${number}: ${column}: expected a whole number, got ${JSON.stringify(text)}`;
    throw new HeadraceError('CONFIG_INVALID', message);
  };
  return {
    row: whole('row_number'),
    message: bytes('error').toString(),
    raw: Buffer.from(bytes('record')),
    file: bytes('file').toString(),
    line: whole('line'),
    offset: whole('offset'),
    stage: bytes('stage').toString(),
  };
}

function notDeadLetters(path: string, reason: string): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${path} is no file of dead letters: ${reason}. Expected CSV with the columns ${COLUMNS.join(',')}, as ` +
      'headrace dlq show --csv writes it. Rows with a header of their own are loaded by headrace load.',
  );
}

function quoted(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    parts.push(bytes.subarray(from, at), DOUBLED);
    from = at + 1;
  }
  return Buffer.concat([QUOTE, ...parts, bytes.subarray(from), QUOTE]);
}
