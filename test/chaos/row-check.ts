import type { ReadRecord } from './log-reader.ts';
import type { Problems } from './problems.ts';
import type { SourceRows } from './source-rows.ts';
import { tradeOf } from './trades.ts';

interface KeyState {
  readonly partition: number;
  lastRow: number;
}

interface FileState {
  readonly source: SourceRows;
  readonly bad: ReadonlyMap<number, unknown>;
  readonly seen: Uint8Array;
  /** Rows that have not come yet. */
  missing: number;
  readonly keys: Map<string, KeyState>;
}

/** Compares the records of the topic, in the order of their partitions, with the rows of the files. */
export class RowCheck {
  readonly #files = new Map<string, FileState>();
  readonly #problems: Problems;
  readonly #keysMove: boolean;

  /** @param keysMove whether a key may go to another partition: then its rows are in order within each */
  constructor(problems: Problems, keysMove: boolean) {
    this.#problems = problems;
    this.#keysMove = keysMove;
  }

  expect(source: SourceRows, bad: ReadonlyMap<number, unknown>): void {
    const seen = new Uint8Array(source.count + 1);
    const missing = source.count - bad.size;
    this.#files.set(source.name, { source, bad, seen, missing, keys: new Map() });
  }

  add(record: ReadRecord): void {
    const row = Number(record.headers.get('file.row'));
    const file = this.#files.get(record.headers.get('file.path') ?? '');
    if (file === undefined || !(row >= 1 && row <= file.source.count) || file.bad.has(row)) {
      return this.#problems.add('row unknown', placeOf(record));
    }
    const seen = file.seen[row] as number;
    file.seen[row] = Math.min(seen + 1, 255);
    if (seen > 0) this.#problems.add('row duplicated', placeOf(record));
    else this.#checkOrder(file, row, record);
    // Of thousands of files the keys would take more than the rows.
    if (seen === 0 && --file.missing === 0) file.keys.clear();
    this.#checkContent(file.source, row, record);
  }

  /** Rows that were read, each once. */
  get delivered(): number {
    return this.#sum(({ seen }) => seen.reduce((rows, count) => rows + Math.min(count, 1), 0));
  }

  finish(): void {
    for (const { source, bad, seen } of this.#files.values()) {
      for (let row = 1; row <= source.count; row++) {
        if (seen[row] === 0 && !bad.has(row)) this.#problems.add('row lost', `${source.name} row ${row}`);
      }
    }
  }

  #checkOrder(file: FileState, row: number, record: ReadRecord): void {
    const key = this.#keysMove ? `${record.key} in ${record.partition}` : String(record.key);
    const state = file.keys.get(key);
    if (state === undefined) {
      file.keys.set(key, { partition: record.partition, lastRow: row });
      return;
    }
    if (state.partition !== record.partition || row < state.lastRow) {
      const where = `row ${state.lastRow} in partition ${state.partition}`;
      this.#problems.add('row out of order', `${placeOf(record)}, key ${key}, after ${where}`);
    }
    state.lastRow = Math.max(state.lastRow, row);
  }

  #checkContent(source: SourceRows, row: number, record: ReadRecord): void {
    const expected = tradeOf(source.bytes(row));
    const isRight =
      String(record.key) === expected.symbol &&
      record.headers.get('file.offset') === String(source.offset(row)) &&
      isEqual(record.value, expected);
    if (!isRight) this.#problems.add('row wrong', `${placeOf(record)}: ${record.value}`);
  }

  #sum(of: (file: FileState) => number): number {
    return [...this.#files.values()].reduce((total, file) => total + of(file), 0);
  }
}

function isEqual(value: Buffer | null, expected: Readonly<Record<string, string | number>>): boolean {
  const actual = parse(value);
  if (actual === null || Object.keys(actual).length !== Object.keys(expected).length) return false;
  return Object.entries(expected).every(([name, cell]) => actual[name] === cell);
}

function parse(value: Buffer | null): Record<string, unknown> | null {
  // A schema registry's id may stand before the text: a zero and four bytes.
  const text = value?.[0] === 0 ? value.subarray(5) : value;
  try {
    return JSON.parse(String(text)) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

function placeOf({ topic, partition, offset, headers }: ReadRecord): string {
  return `${headers.get('file.path')} row ${headers.get('file.row')} at ${topic}-${partition} offset ${offset}`;
}
