import type {
  ConfigDefinition,
  FileStart,
  ParsedRows,
  Parser,
  ParserPlugin,
  ReadProgress,
} from '../../plugin/index.ts';
import { RowBatch } from '../../rows/index.ts';
import { created } from '../../runtime/task/created-plugin.ts';
import { type Options, valuesOf } from '../option-values.ts';
import { outcomeOf, type ParsedRow } from '../parse-rows.ts';
import { fileOf, parsedPieces } from '../parsed-file.ts';
import { testContext } from '../test-context.ts';
import { expectSame } from './conformance-case.ts';
import { within } from './deadline.ts';
import { expectSound } from './parsed-rows-checks.ts';

/** A row as it can be compared: where it is, its bytes, and what became of it. */
export type PlacedRow = ParsedRow & {
  readonly number: number;
  readonly offset: number;
  readonly bytes: string;
};

/** A file as a parser gave it. */
export interface ParsedFile {
  readonly rows: readonly PlacedRow[];
  readonly columns: readonly string[];
  /** Places at which a task may stop, and another go on: after so many of the rows. */
  readonly stops: readonly { readonly after: number; readonly progress: ReadProgress }[];
  /** At the end of the file. */
  readonly progress: ReadProgress | undefined;
}

/** What a file is read with. */
export interface ReadOptions {
  readonly pieces?: readonly Buffer[];
  readonly start?: FileStart | null;
}

/** A parser as a task has it, all of whose rows are held against the contract. */
export class ParserRun {
  readonly #parser: Parser;
  readonly #name: string;
  readonly #deadlineMs: number;

  constructor(parser: Parser, name: string, deadlineMs: number) {
    this.#parser = parser;
    this.#name = name;
    this.#deadlineMs = deadlineMs;
  }

  static async of<D extends ConfigDefinition>(
    plugin: ParserPlugin<D>,
    options: Options,
    deadlineMs: number,
  ): Promise<ParserRun> {
    const use = { key: 'testParser', name: plugin.name, modulePath: null };
    const make = () => plugin.create(valuesOf(plugin, options), testContext());
    return new ParserRun(await created(use, 'create', ['open'], make), plugin.name, deadlineMs);
  }

  /** @throws Error what the parser throws of a file that it gives up, or what is wrong with what it gave */
  read(content: Buffer, options: ReadOptions = {}): Promise<ParsedFile> {
    return within(this.#deadlineMs, 'the file', () => this.#read(content, options));
  }

  async #read(content: Buffer, { start = null, pieces }: ReadOptions): Promise<ParsedFile> {
    const from = start?.position ?? 0;
    const use = { key: 'testParser', name: this.#name, modulePath: null };
    const parser = this.#parser.open(fileOf(content, start));
    const given: ParsedRows[] = [];
    const seen: unknown[] = [];
    try {
      for await (const rows of parsedPieces(use, parser, pieces ?? [content.subarray(from)])) {
        expectSound(rows, content, given.at(-1)?.progress ?? start);
        given.push(rows);
        seen.push(partsOf(rows));
      }
      given.forEach((rows, index) => {
        expectSame('the rows that it gave, at the end of the file', seen[index], partsOf(rows));
      });
    } finally {
      parser.close?.();
    }
    return fileFrom(given);
  }

  /** Reads a part of a file, of which nothing more is wanted then. */
  leave(content: Buffer, bytes: number): void {
    const parser = this.#parser.open(fileOf(content));
    const rows = parser.push(Buffer.from(content.subarray(0, bytes)), false);
    if (rows !== null) new RowBatch(rows).release();
    parser.close?.();
  }
}

/** What of rows may not change once they were given. */
function partsOf({ columns, bytes, rowBounds, lines, cells, rowCount }: ParsedRows): unknown {
  const bounds = cells.bounds.subarray(0, 2 * rowCount * columns.length);
  const texts = Array.from({ length: bounds.length / 2 }, (_, cell) =>
    cells.bytes.toString('latin1', bounds[2 * cell], bounds[2 * cell + 1]),
  );
  return {
    columns: [...columns],
    bytes: bytes.toString('latin1'),
    rowBounds: [...rowBounds.subarray(0, 2 * rowCount)],
    lines: [...lines.subarray(0, rowCount)],
    cells: texts,
  };
}

function fileFrom(given: readonly ParsedRows[]): ParsedFile {
  const rows: PlacedRow[] = [];
  const stops: { after: number; progress: ReadProgress }[] = [];
  for (const parsed of given) {
    const batch = new RowBatch(parsed);
    for (let index = 0; index < batch.rowCount; index++) {
      if (index > 0) stops.push({ after: rows.length, progress: progressBefore(parsed, index) });
      rows.push(placedRow(batch, index));
    }
    if (!parsed.eof) stops.push({ after: rows.length, progress: { ...parsed.progress } });
    batch.release();
  }
  const last = given.at(-1);
  return { rows, stops, columns: last?.columns ?? [], progress: last && { ...last.progress } };
}

/** Where a task has come to that stops before this row, with another of the same run before it. */
function progressBefore(
  { position, rowBounds, lines, progress, rowCount }: ParsedRows,
  index: number,
): ReadProgress {
  return {
    position: position + (rowBounds[2 * index] as number),
    row: progress.row - rowCount + index,
    line: (lines[index] as number) - 1,
    head: progress.head,
  };
}

function placedRow(batch: RowBatch, index: number): PlacedRow {
  return {
    ...outcomeOf(batch, index),
    number: batch.rowNumber(index),
    offset: batch.rowOffset(index),
    bytes: batch.rawRow(index).toString('latin1'),
  };
}

/** As an offset that was stored there gives it back. */
export function startAt(progress: ReadProgress, content: Buffer): FileStart {
  const headBytes = content.subarray(0, progress.head);
  return { ...progress, produced: progress.row, filtered: 0, rejected: 0, crc32: 0, headBytes };
}
