import { DeadLetterCheck } from './dead-letter-check.ts';
import type { ReadRecord } from './log-reader.ts';
import { OffsetCheck } from './offset-check.ts';
import { type ProblemKind, Problems } from './problems.ts';
import { RowCheck } from './row-check.ts';
import type { SourceRows } from './source-rows.ts';

export interface Findings {
  readonly ok: boolean;
  /** Rows of the files, bad ones included. */
  readonly rows: number;
  readonly delivered: number;
  readonly deadLettersExpected: number;
  readonly deadLetters: number;
  readonly files: number;
  readonly filesAtEnd: number;
  count(kind: ProblemKind): number;
  /** The first few problems of each kind. */
  readonly examples: readonly string[];
}

/**
 * Decides whether files were delivered exactly once and in order. Records of one partition must be given in the order
 * of their offsets; beyond that, any order will do.
 */
export class Checker {
  readonly #problems = new Problems();
  readonly #rows: RowCheck;
  readonly #offsets: OffsetCheck;
  #sourceRows = 0;
  #files = 0;
  readonly deadLetters = new DeadLetterCheck(this.#problems);

  /** @param keysMove whether a key may go to another partition, as the number of partitions changes */
  constructor(connector: string, keysMove = false) {
    this.#rows = new RowCheck(this.#problems, keysMove);
    this.#offsets = new OffsetCheck(connector, this.#problems);
  }

  /** Names a file that must be delivered, and its rows that must be rejected. */
  expect(source: SourceRows, bad: ReadonlyMap<number, unknown>): void {
    this.#sourceRows += source.count;
    this.#files++;
    this.#rows.expect(source, bad);
    this.deadLetters.expect(source, bad);
    this.#offsets.expect(source, bad);
  }

  addRow(record: ReadRecord): void {
    this.#rows.add(record);
  }

  addDeadLetter({ headers, value }: ReadRecord): void {
    const file = headers.get('file.path') ?? '';
    const row = Number(headers.get('file.row'));
    this.deadLetters.add({ file, row, bytes: value ?? Buffer.alloc(0) });
  }

  addOffset(record: ReadRecord): void {
    this.#offsets.add(record);
  }

  /** Call once, when everything has been added. */
  finish(): Findings {
    this.#rows.finish();
    this.deadLetters.finish();
    this.#offsets.finish();
    const problems = this.#problems;
    return {
      ok: problems.examples.length === 0,
      rows: this.#sourceRows,
      delivered: this.#rows.delivered,
      deadLettersExpected: this.deadLetters.expected,
      deadLetters: this.deadLetters.actual,
      files: this.#files,
      filesAtEnd: this.#offsets.atEnd,
      count: (kind) => problems.count(kind),
      examples: problems.examples,
    };
  }
}
