import { crc32 } from '@node-rs/crc32';
import { HeadraceError } from '../errors.ts';
import type { FileProgress, ReadProgress, SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { TAIL_BYTES } from '../rows/index.ts';
import { crc32Combined } from '../values/crc32-combined.ts';

const NOTHING = Buffer.alloc(0);
/** How far a file is before anything of it is delivered. */
const UNREAD = { position: 0, row: 0, line: 0, head: 0, produced: 0, filtered: 0, rejected: 0, crc32: 0 };

/** What became of rows. */
export interface Outcome {
  produced: number;
  filtered: number;
  rejected: number;
}

export interface FileEntry {
  readonly file: SourceFile;
  readonly progress: FileProgress;
}

/**
 * Keeps account of every file on its way through the sink: how far, and what became of each row. At the end of a file
 * the parser's count of rows and the sink's count of outcomes must agree.
 */
export class FileLedger {
  readonly #entries = new Map<SourceFile, FileEntry>();
  #touched = new Set<SourceFile>();

  /** Nothing was booked since what there was was taken. */
  get isEmpty(): boolean {
    return this.#touched.size === 0;
  }

  /** Books a batch that is encoded, or what is not booked of it yet of its rows before `end`. */
  add(batch: RowBatch, outcome: Outcome, end: ReadProgress = batch.progress): FileProgress {
    const before = this.#entries.get(batch.file)?.progress;
    const start = before ?? batch.file.start;
    const from = this.bookedTo(batch) - batch.position;
    const bytes = batch.bytes.subarray(from, end.position - batch.position);
    // Rows begin before what is skipped: only the end of the batch is behind it.
    const skipped = end === batch.progress ? batch.skipped : undefined;
    const crc = crc32(bytes, start?.crc32 ?? 0);
    const tail = tailOf(before?.tail ?? NOTHING, bytes);
    const progress: FileProgress = {
      position: end.position,
      row: end.row,
      line: end.line,
      head: end.head,
      produced: (start?.produced ?? 0) + outcome.produced,
      filtered: (start?.filtered ?? 0) + outcome.filtered,
      rejected: (start?.rejected ?? 0) + outcome.rejected,
      crc32: skipped === undefined ? crc : crc32Combined(crc, skipped.crc32, skipped.length),
      tail: skipped === undefined ? tail : tailOf(tail, skipped.tail),
      eof: batch.eof && end === batch.progress,
    };
    if (progress.eof) requireEveryRowAccounted(batch.file, progress);
    this.#entries.set(batch.file, { file: batch.file, progress });
    this.#touched.add(batch.file);
    return progress;
  }

  /** Byte of the file up to which the rows of a batch are booked. */
  bookedTo({ file, position }: RowBatch): number {
    return Math.max(position, this.#entries.get(file)?.progress.position ?? 0);
  }

  /** Takes back that the file has ended: rows are delivered, but the file as a whole is not accepted. */
  withdrawEof(file: SourceFile): void {
    const entry = this.#entries.get(file);
    if (entry !== undefined) this.#entries.set(file, { file, progress: { ...entry.progress, eof: false } });
  }

  /**
   * Nothing more of the file is to come: forgets it, and gives how far it is delivered. With `isUndone` nothing is
   * delivered of what was booked since it was opened.
   */
  giveUp(file: SourceFile, isUndone: boolean): FileEntry {
    const booked = isUndone ? undefined : this.#entries.get(file);
    this.#entries.delete(file);
    this.#touched.delete(file);
    return booked ?? { file, progress: { ...(file.start ?? UNREAD), tail: NOTHING, eof: false } };
  }

  /** Rows of the file booked so far, and how many of them were rejected. */
  standing(file: SourceFile): { rows: number; rejected: number } {
    const progress = this.#entries.get(file)?.progress ?? file.start;
    return { rows: progress?.row ?? 0, rejected: progress?.rejected ?? 0 };
  }

  /** The files with progress since the last call. Files that have ended are forgotten. */
  take(): FileEntry[] {
    const taken: FileEntry[] = [];
    for (const file of this.#touched) {
      const entry = this.#entries.get(file);
      if (entry === undefined) continue;
      taken.push(entry);
      if (entry.progress.eof) this.#entries.delete(file);
    }
    this.#touched = new Set();
    return taken;
  }
}

function tailOf(before: Buffer, bytes: Buffer): Buffer {
  if (bytes.length >= TAIL_BYTES) return Buffer.from(bytes.subarray(-TAIL_BYTES));
  return Buffer.concat([before, bytes]).subarray(-TAIL_BYTES);
}

function requireEveryRowAccounted(file: SourceFile, progress: FileProgress): void {
  const { row, produced, filtered, rejected } = progress;
  if (row === produced + filtered + rejected) return;
  throw new HeadraceError(
    'ROWS_UNACCOUNTED',
    `${file.path}: ${row} rows were read, but ${produced} produced + ${filtered} filtered + ${rejected} rejected make ` +
      `${produced + filtered + rejected}. This is a fault in Headrace or in a plugin; the file is not marked as delivered.`,
  );
}
