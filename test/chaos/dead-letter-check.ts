import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Problems } from './problems.ts';
import type { SourceRows } from './source-rows.ts';

/** A dead letter, from a topic or from a file. */
export interface DeadLetter {
  readonly file: string;
  readonly row: number;
  readonly bytes: Buffer;
}

interface FileState {
  readonly source: SourceRows;
  readonly bad: ReadonlyMap<number, unknown>;
  readonly seen: Set<number>;
}

/** Compares dead letters with the bad rows of the files. */
export class DeadLetterCheck {
  readonly #files = new Map<string, FileState>();
  readonly #problems: Problems;
  #count = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  expect(source: SourceRows, bad: ReadonlyMap<number, unknown>): void {
    this.#files.set(source.name, { source, bad, seen: new Set() });
  }

  add({ file, row, bytes }: DeadLetter): void {
    this.#count++;
    const where = `${file} row ${row}`;
    const state = this.#files.get(file);
    if (state === undefined || !state.bad.has(row)) return this.#problems.add('dead letter unknown', where);
    if (state.seen.has(row)) this.#problems.add('dead letter duplicated', where);
    state.seen.add(row);
    if (!bytes.equals(state.source.bytes(row))) this.#problems.add('dead letter wrong', where);
  }

  get actual(): number {
    return this.#count;
  }

  get expected(): number {
    return [...this.#files.values()].reduce((total, { bad }) => total + bad.size, 0);
  }

  finish(): void {
    for (const { source, bad, seen } of this.#files.values()) {
      for (const [row, fault] of bad) {
        if (!seen.has(row)) this.#problems.add('dead letter lost', `${source.name} row ${row} (${fault})`);
      }
    }
  }
}

/** What somebody writes into a dead-letter file who is no worker: half a row. */
export const PERSON = '7,"seen by Kim';

/** The dead letters in a file that `errors.deadletterqueue.file` wrote. */
export async function readDeadLetterFile(path: string): Promise<DeadLetter[]> {
  // One byte a character, as a record may hold bytes that are no UTF-8.
  const text = (await readFile(path, 'latin1')).replaceAll(PERSON, '');
  const rows: Record<string, string>[] = parse(text, { columns: true });
  return rows.map(({ row_number, file, record }) => ({
    file: String(file),
    row: Number(row_number),
    bytes: Buffer.from(String(record), 'latin1'),
  }));
}

/** Those in all files of a folder, whatever their names; what is hidden is nobody's. */
export async function readDeadLetterFolder(path: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const name of await readdir(path)) {
    if (!name.startsWith('.')) letters.push(...(await readDeadLetterFile(join(path, name))));
  }
  return letters;
}
