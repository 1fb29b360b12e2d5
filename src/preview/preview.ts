import type { ConnectorConfig } from '../config/connector-config.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import { traceRows } from '../dry-run/trace-rows.ts';
import { HeadraceError } from '../errors.ts';
import type { SourceChunk } from '../plugin/index.ts';
import { type DataFile, readDataFile } from './data-file.ts';
import { binaryProblem } from './guess/guess-encoding.ts';

/** The first rows of a file, each with its way through a feed. */
export interface Preview {
  readonly file: string;
  readonly rows: readonly RowTrace[];
  /** The file ends with these rows. */
  readonly isWhole: boolean;
  /** What its rows lack that the feed names, and can do without. */
  readonly notes: readonly string[];
}

/**
 * Takes the first `limit` rows of a file through a feed, without Kafka.
 *
 * @throws HeadraceError when there is nothing to look at: the file cannot be read, or parsed, or has no rows
 */
export async function previewFile(config: ConnectorConfig, file: DataFile, limit: number): Promise<Preview> {
  const rows: RowTrace[] = [];
  const notes: string[] = [];
  const tell = (path: string, reason: string) => notes.push(`${path}: ${reason}`);
  // One more, to know whether there are more.
  for await (const row of traceRows(config, textChunks(config, file), limit + 1, tell)) rows.push(row);
  if (rows.length === 0) {
    const found = 'has no rows: there is a header at most';
    throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: ${found}`);
  }
  return { file: file.shown, rows: rows.slice(0, limit), isWhole: rows.length <= limit, notes };
}

/** What the csv parser would make of a file that is no text is of no help to anyone. */
async function* textChunks({ parser }: ConnectorConfig, file: DataFile): AsyncGenerator<SourceChunk> {
  const { encoding } = parser.values as { readonly encoding?: unknown };
  let isFirst = parser.plugin.name === 'csv' && encoding !== 'utf16le';
  for await (const chunk of readDataFile(file)) {
    const problem = isFirst ? binaryProblem(chunk.bytes) : null;
    if (problem !== null) throw new HeadraceError('SOURCE_MALFORMED', `${file.shown}: ${problem}`);
    isFirst = false;
    yield chunk;
  }
}
