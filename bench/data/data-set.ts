import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/stack/cache.ts';
import { headerLine, rowsOf } from './rows.ts';
import type { Table } from './table.ts';

const SEED = 42;
const SAMPLE_ROWS = 1000;
const WRITE_CHARS = 1 << 20;

export interface DataSetFacts {
  readonly rows: number;
  /** Line ends in the CSV file, the header's and those inside of quotes included. */
  readonly lines: number;
  /** Of the CSV file. */
  readonly bytes: number;
  /** The middle one of the sizes of rows, line end included. */
  readonly medianRowBytes: number;
}

export interface DataSet extends DataSetFacts {
  readonly csvPath: string;
  /** A line for each row: the key, a tab, the JSON value. */
  readonly valuesPath: string;
}

/** The table's file with that many rows, written on first use and kept in the cache. */
export async function dataSet(table: Table, rows: number): Promise<DataSet> {
  const folder = await cached(`bench-${table.name}-${rows}-${fingerprint(table)}`, async (draft) => {
    const facts = writeRows(table, rows, draft);
    writeFileSync(join(draft, 'facts.json'), JSON.stringify(facts));
  });
  const facts = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as DataSetFacts;
  return { ...facts, csvPath: join(folder, 'data.csv'), valuesPath: join(folder, 'values.tsv') };
}

/** Of the first rows, so that a table that is changed is not taken for what it was. */
function fingerprint(table: Table): string {
  const hash = createHash('sha256').update(headerLine(table));
  for (const { csv, value } of rowsOf(table, SAMPLE_ROWS, SEED)) hash.update(csv).update(value);
  return hash.digest('hex').slice(0, 12);
}

function writeRows(table: Table, rows: number, folder: string): DataSetFacts {
  const csv = new TextFile(join(folder, 'data.csv'));
  const values = new TextFile(join(folder, 'values.tsv'));
  const sizes = new Map<number, number>();
  csv.add(headerLine(table));
  let lines = 1;
  for (const row of rowsOf(table, rows, SEED)) {
    csv.add(row.csv);
    values.add(`${row.key}\t${row.value}\n`);
    lines += row.csv.split('\n').length - 1;
    const size = Buffer.byteLength(row.csv);
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  values.close();
  return { rows, lines, bytes: csv.close(), medianRowBytes: medianOf(sizes, rows) };
}

function medianOf(sizes: ReadonlyMap<number, number>, rows: number): number {
  let seen = 0;
  for (const [size, count] of [...sizes].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen * 2 >= rows) return size;
  }
  return 0;
}

/** Text on its way to a file, a megabyte at a time. */
class TextFile {
  readonly #file: number;
  #text = '';
  #bytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= WRITE_CHARS) this.#flush();
  }

  /** Gives the bytes written. */
  close(): number {
    this.#flush();
    closeSync(this.#file);
    return this.#bytes;
  }

  #flush(): void {
    this.#bytes += writeSync(this.#file, this.#text);
    this.#text = '';
  }
}
