import { Parser } from 'csv-parse';
import type { Dialect } from './dialect.ts';

/** A record that csv-parse has read. */
export interface QuotedRecord {
  readonly cells: readonly Uint8Array[];
  /** Where the next record begins. */
  readonly next: number;
}

/** Why it could not: `unclosed` when all bytes were read and the quote was still open. */
export interface QuoteProblem {
  readonly problem: 'unclosed' | 'opening' | 'closing';
}

/** The part of csv-parse's `Parser` that its own stream calls; its types leave it out. */
interface CsvParseCore {
  readonly info: { records: number; bytes: number };
  parse(
    bytes: Buffer,
    end: boolean,
    push: (cells: (Uint8Array | string)[]) => void,
    close: () => void,
  ): (Error & { code: string }) | undefined;
}

/**
 * Reads one record at a time with csv-parse, synchronously, below its stream: setting up a parser for each record
 * would cost more than the record. The bytes given are taken as all there are.
 */
export class QuotedRecordReader {
  readonly #dialect: Dialect;
  #core: CsvParseCore;
  #cells: readonly (Uint8Array | string)[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#core = makeCore(dialect);
  }

  /** The first record of the bytes, which must not begin with a line that is passed over. */
  read(bytes: Buffer): QuotedRecord | QuoteProblem {
    const core = this.#core;
    core.info.records = 0;
    this.#cells = [];
    const error = core.parse(bytes, true, this.#keep, nothing);
    if (error !== undefined) {
      // After an error its state is not fit for another record.
      this.#core = makeCore(this.#dialect);
      return { problem: PROBLEMS[error.code] ?? 'closing' };
    }
    return { cells: this.#cells.map(toBytes), next: core.info.bytes };
  }

  readonly #keep = (cells: readonly (Uint8Array | string)[]): void => {
    this.#cells = cells;
  };
}

const PROBLEMS: Readonly<Record<string, QuoteProblem['problem']>> = {
  CSV_QUOTE_NOT_CLOSED: 'unclosed',
  INVALID_OPENING_QUOTE: 'opening',
};

function nothing(): void {}

function makeCore(dialect: Dialect): CsvParseCore {
  // Comments are passed over before; csv-parse would also take one for the end of a quoted cell.
  const parser = new Parser({
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    trim: dialect.trim,
    // Cells as bytes; trimming works on strings alone.
    encoding: dialect.trim ? 'utf8' : null,
    to: 1,
  });
  return (parser as unknown as { api: CsvParseCore }).api;
}

function toBytes(cell: Uint8Array | string): Uint8Array {
  return typeof cell === 'string' ? Buffer.from(cell) : cell;
}
