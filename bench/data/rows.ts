import { seededRandom } from '../../src/testing/seeded-random.ts';
import type { Column, Table } from './table.ts';

/** A row as the file has it, and as the record that becomes of it. */
export interface Row {
  /** The CSV text with its line end. */
  readonly csv: string;
  readonly key: string;
  /** The JSON value that the reference converter makes of the row. */
  readonly value: string;
}

/** The names of the columns, with a line end. */
export function headerLine(table: Table): string {
  return `${table.columns.map(({ name }) => csvCell(name)).join(',')}\n`;
}

/** The same rows for the same table, count and seed. */
export function* rowsOf(table: Table, count: number, seed: number): Generator<Row, void, undefined> {
  const random = seededRandom(seed);
  const keyIndex = table.columns.findIndex(({ name }) => name === table.key);
  const prefixes = table.columns.map(
    ({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
  );
  for (let row = 1; row <= count; row++) {
    const cells = table.columns.map(({ cell }) => cell(row, random));
    let value = '';
    for (const [index, column] of table.columns.entries()) {
      value += `${prefixes[index]}${jsonCell(column, cells[index] as string)}`;
    }
    yield { csv: `${cells.map(csvCell).join(',')}\n`, key: cells[keyIndex] as string, value: `${value}}` };
  }
}

/** https://www.rfc-editor.org/rfc/rfc4180: quotes where they are needed, doubled inside. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonCell({ type }: Column, text: string): string {
  return type === 'long' || type === 'double' ? JSON.stringify(Number(text)) : JSON.stringify(text);
}
