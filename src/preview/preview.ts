import type { ConnectorConfig } from '../config/connector-config.ts';
import { type DataFile, readDataFile } from '../dry-run/data-file.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import { traceRows } from '../dry-run/trace-rows.ts';
import { HeadraceError } from '../errors.ts';
import { reasonOf } from '../runtime/stages/error-policy.ts';

/** The first rows of a file, each with its way through a feed. */
export interface Preview {
  readonly file: string;
  readonly rows: readonly RowTrace[];
  /** The file ends with these rows. */
  readonly isWhole: boolean;
  /** What its columns are that the feed does not expect. */
  readonly notes: readonly string[];
}

/**
 * Takes the first `limit` rows of a file through a feed, without Kafka.
 *
 * @throws HeadraceError when there is nothing to look at: the file cannot be read, or parsed, or has no rows
 */
export async function previewFile(config: ConnectorConfig, file: DataFile, limit: number): Promise<Preview> {
  const rows: RowTrace[] = [];
  const all = previewRows(config, file, limit);
  for (;;) {
    const next = await all.next();
    if (next.done) return { file: file.shown, rows, ...next.value };
    rows.push(next.value);
  }
}

/** What is known when rows were shown: whether the file ends with them, and what is to be told of it. */
export type PreviewEnd = Pick<Preview, 'isWhole' | 'notes'>;

/** The same, one by one. */
export async function* previewRows(
  config: ConnectorConfig,
  file: DataFile,
  limit: number,
): AsyncGenerator<RowTrace, PreviewEnd, undefined> {
  let count = 0;
  const notes: string[] = [];
  const tell = (path: string, reason: string) => notes.push(`${path}: ${reason}`);
  // One more, to know whether there are more.
  for await (const row of traceRows(config, readDataFile(file), { limit: limit + 1, tell })) {
    if (++count > limit) return { isWhole: false, notes };
    yield config.errors.includesValues ? row : masked(row);
  }
  if (count > 0) return { isWhole: true, notes };
  throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: has no rows: there is a header at most`);
}

function masked(row: RowTrace): RowTrace {
  if (row.outcome.kind !== 'rejected') return row;
  const { rejection } = row.outcome;
  return {
    ...row,
    outcome: { ...row.outcome, rejection: { ...rejection, message: reasonOf(rejection, false) } },
  };
}
