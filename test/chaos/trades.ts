import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Random, seededRandom } from '../../src/testing/seeded-random.ts';

/** What may be wrong with a row, each refused at another place of the pipeline. */
export type Fault =
  | 'too few cells'
  | 'not a number'
  | 'invalid UTF-8'
  | 'ahead of its time'
  | 'an over-long cell';

export interface TradesOptions {
  /** Of all files together. */
  readonly rows: number;
  readonly files: number;
  readonly seed: number;
  /** One row in so many is bad, on average. */
  readonly badEvery: number;
  /** In turn; by default those that are wrong for every topic. */
  readonly faults?: readonly Fault[];
  /** Files of many sizes, every other one of them compressed. */
  readonly isMixed?: boolean;
}

export interface TradesFile {
  readonly name: string;
  readonly rows: number;
  /** The rows that must be rejected. */
  readonly bad: ReadonlyMap<number, Fault>;
}

const COLUMNS = ['symbol', 'exchange_timestamp', 'price', 'quantity', 'side', 'sequence_number', 'trade_id'];
const NUMBERS = new Set(['price', 'quantity', 'sequence_number']);
const FAULTS: readonly Fault[] = ['too few cells', 'not a number', 'invalid UTF-8'];
const SYMBOLS = 40;
const FIRST_TIME = Date.UTC(2026, 0, 1);
/** Lines that end with CR alone, which look like rows. */
const LIKE_ROWS = '\rS00,2026-01-01T00:00:00.000Z,1.00,1,BUY,1,0000-0'.repeat(200);
/** No broker takes a record with it, unless it is told to. */
const AHEAD = '2099-12-31T00:00:00.000Z';
const WRITE_BYTES = 1 << 20;

/** Writes trades as CSV into a folder: the same bytes for the same options. */
export async function writeTrades(folder: string, options: TradesOptions): Promise<TradesFile[]> {
  const random = seededRandom(options.seed);
  const written: TradesFile[] = [];
  for (let index = 0; index < options.files; index++) {
    const isCompressed = options.isMixed === true && index % 2 === 1;
    const name = `trades-${String(index + 1).padStart(4, '0')}.csv${isCompressed ? '.gz' : ''}`;
    const upTo = Math.floor((options.rows * (index + 1)) / options.files);
    const rows = (options.isMixed === true ? mixed(upTo, options.rows) : upTo) - sum(written);
    const bad = await writeFile(join(folder, name), name, rows, options, random);
    written.push({ name, rows, bad });
  }
  return written;
}

/** The value that the feed makes of a good row. */
export function tradeOf(row: Buffer): Record<string, string | number> {
  const cells = row.toString('utf8').split(',');
  const entries = COLUMNS.map((column, index) => {
    const cell = cells[index] ?? '';
    return [column, NUMBERS.has(column) ? Number(cell) : cell] as const;
  });
  return Object.fromEntries(entries);
}

/** The options of a feed that tell the types of the columns. */
export const TRADE_FIELDS: Readonly<Record<string, string>> = {
  symbol: 'string',
  exchange_timestamp: 'timestamp',
  price: 'double',
  quantity: 'long',
  side: 'string',
  sequence_number: 'long',
  trade_id: 'string',
};

async function writeFile(
  path: string,
  name: string,
  rows: number,
  { badEvery, faults = FAULTS }: TradesOptions,
  random: Random,
): Promise<Map<number, Fault>> {
  const bad = new Map<number, Fault>();
  const out = name.endsWith('.gz') ? createGzip() : new PassThrough();
  const written = pipeline(out, createWriteStream(path));
  let text = `${COLUMNS.join(',')}\n`;
  for (let row = 1; row <= rows; row++) {
    const cells = tradeCells(name, row, random);
    if (random() * badEvery < 1) {
      const fault = faults[bad.size % faults.length] as Fault;
      bad.set(row, fault);
      spoil(cells, fault);
    }
    text += `${cells.join(',')}\n`;
    if (text.length < WRITE_BYTES) continue;
    if (!out.write(bytesOf(text))) await once(out, 'drain');
    text = '';
  }
  out.end(bytesOf(text));
  await written;
  return bad;
}

/** One byte a character, so that a row may hold bytes that are no UTF-8. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Grows as the square of what it is given, from 0 to `most`. */
function mixed(value: number, most: number): number {
  return Math.floor(value ** 2 / most);
}

function tradeCells(file: string, row: number, random: Random): string[] {
  return [
    `S${String(Math.floor(random() * SYMBOLS)).padStart(2, '0')}`,
    new Date(FIRST_TIME + row * 7).toISOString(),
    (random() * 200).toFixed(2),
    String(1 + Math.floor(random() * 1000)),
    random() < 0.5 ? 'BUY' : 'SELL',
    String(row),
    `${file.slice(7, 11)}-${row}`,
  ];
}

function spoil(cells: string[], fault: Fault): void {
  if (fault === 'too few cells') cells.length = 3;
  else if (fault === 'not a number') cells[2] = 'n/a';
  else if (fault === 'ahead of its time') cells[1] = AHEAD;
  else if (fault === 'an over-long cell') cells[6] = `"${LIKE_ROWS}"`;
  else cells[6] = `\xff\xfe${cells[6]}`;
}

function sum(files: readonly TradesFile[]): number {
  return files.reduce((rows, file) => rows + file.rows, 0);
}
