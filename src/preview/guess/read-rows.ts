import type { DataFile } from '../../dry-run/data-file.ts';
import type { SourceChunk } from '../../plugin/index.ts';
import { ColumnProfile, type RowsSeen } from './column-profile.ts';
import { type DraftRow, draftRows } from './draft-rows.ts';
import { decoded, type GuessedEncoding } from './guess-encoding.ts';
import { MOST_FOOTER_ROWS } from './guess-footer.ts';
import { SampledFile } from './sampled-file.ts';
import type { Layout } from './text-layout.ts';

/** Rows that a parser rejects and that are looked at. */
const MOST_REJECTED = 200;

/** A reading of a file's rows. */
export interface Reading extends RowsSeen {
  readonly columns: readonly string[];
  readonly rejected: readonly DraftRow[];
  /** The last rows, which no profile has seen yet. */
  readonly last: readonly DraftRow[];
  /** The text of the file's end. */
  readonly tail: string;
  /** Rows of empty cells. */
  readonly blank: number;
  /** Rows that are the header again. */
  readonly headers: number;
}

/** Reads as many rows as can be read in some time. */
export async function readRows(file: DataFile, { parser, options }: Layout, forMs: number): Promise<Reading> {
  const until = Date.now() + forMs;
  const seen = { rows: 0, blank: 0, headers: 0 };
  const rejected: DraftRow[] = [];
  let columns: readonly string[] = [];
  let profiles: ColumnProfile[] = [];
  let last: DraftRow[] = [];
  let isWhole = true;
  const end = { bytes: Buffer.alloc(0) };
  const sampled = new SampledFile(file);
  for await (const batch of draftRows({ parser, options }, keepingEnd(sampled.chunks(), end))) {
    if (profiles.length === 0) {
      columns = batch.columns;
      profiles = columns.map((name) => new ColumnProfile(name));
    }
    for (const row of batch.rows) {
      if (row.cells === null && rejected.length < MOST_REJECTED) rejected.push(row);
      if (row.cells?.every((cell) => cell.trim() === '')) seen.blank++;
      if (row.cells?.every((cell, column) => cell === columns[column])) seen.headers++;
    }
    seen.rows += batch.rows.length;
    const all = [...last, ...batch.rows];
    last = all.slice(-MOST_FOOTER_ROWS);
    seeAll(profiles, all.slice(0, -MOST_FOOTER_ROWS));
    if (Date.now() <= until) continue;
    isWhole = false;
    break;
  }
  return {
    ...seen,
    columns,
    profiles,
    rejected,
    last,
    isWhole: isWhole && !sampled.isCut,
    tail: decoded(end.bytes, encodingOf(options)),
  };
}

function encodingOf({ encoding = 'utf8' }: Layout['options']): GuessedEncoding {
  return encoding as GuessedEncoding;
}

const TAIL_BYTES = 16 * 1024;

/** Keeps the last bytes that go through. */
async function* keepingEnd(
  chunks: AsyncIterable<SourceChunk>,
  end: { bytes: Buffer },
): AsyncGenerator<SourceChunk, void, undefined> {
  for await (const chunk of chunks) {
    end.bytes = Buffer.concat([end.bytes, chunk.bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    yield chunk;
  }
}

export function seeAll(profiles: readonly ColumnProfile[], rows: readonly DraftRow[]): void {
  for (const { cells } of rows)
    if (cells !== null) for (const [column, profile] of profiles.entries()) profile.see(cells[column] ?? '');
}
