import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { HeadraceError, messageOf } from '../errors.ts';
import { unescapeFormula } from '../runtime/dead-letter-file/formula-escape.ts';
import {
  ESCAPED,
  ESCAPED_COLUMN,
  LETTER_COLUMNS,
  letterHeader,
  letterRow,
} from '../runtime/dead-letter-file/letter-form.ts';
import type { DeadLetter } from './dead-letter.ts';

/** A program that changes the file may add others behind them. */
const COLUMNS = [...LETTER_COLUMNS, ESCAPED_COLUMN] as const;

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

/** Dead letters as CSV, header first, with every record quoted as it is, or as no formula of a spreadsheet. */
export function deadLetterCsv(letters: readonly CsvLetter[], escapesFormulas = false): Buffer {
  return Buffer.concat([
    letterHeader(escapesFormulas),
    ...letters.map((letter) => letterRow(letter, escapesFormulas)),
  ]);
}

function indexesOf(path: string, names: readonly string[]): ReadonlyMap<Column, number> {
  const indexes = new Map(COLUMNS.map((column) => [column, names.indexOf(column)]));
  const missing = LETTER_COLUMNS.filter((column) => indexes.get(column) === -1);
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
  const isEscaped = String(bytes(ESCAPED_COLUMN)) === ESCAPED;
  const text = (column: Column) => (isEscaped ? unescapeFormula(bytes(column)) : bytes(column));
  const whole = (column: Column) => {
    const text = bytes(column).toString();
    if (/^\d+$/.test(text)) return Number(text);
    const message = `${path}: dead letter ${number}: ${column}: expected a whole number, got ${JSON.stringify(text)}`;
    throw new HeadraceError('CONFIG_INVALID', message);
  };
  return {
    row: whole('row_number'),
    message: text('error').toString(),
    raw: Buffer.from(text('record')),
    file: text('file').toString(),
    line: whole('line'),
    offset: whole('offset'),
    stage: bytes('stage').toString(),
  };
}

function notDeadLetters(path: string, reason: string): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${path} is no file of dead letters: ${reason}. Expected CSV with the columns ${LETTER_COLUMNS.join(',')}, as ` +
      'headrace dlq show --csv writes it. Rows with a header of their own are loaded by headrace load.',
  );
}
