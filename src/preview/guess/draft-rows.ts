import type { ConnectorConfig } from '../../config/connector-config.ts';
import { parseConfigText } from '../../config/read/config-file.ts';
import { batchesOf } from '../../dry-run/offline-parts.ts';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import type { Rejection, SourceChunk } from '../../plugin/index.ts';
import { feedOf } from '../../runtime/worker/feed.ts';

/** How a parser of ours is told to read a file. */
export interface DraftParser {
  readonly parser: string;
  readonly options: Readonly<Record<string, string>>;
}

/** A row as the parser makes it. */
export interface DraftRow {
  /** null for a row that it rejects. */
  readonly cells: readonly string[] | null;
  /** 1 is the first. */
  readonly row: number;
  readonly line: number;
  readonly raw: Buffer;
  readonly rejection: Rejection | null;
}

/** Rows of a file, with the names of their columns. */
export interface DraftRows {
  readonly columns: readonly string[];
  readonly rows: readonly DraftRow[];
}

/** A feed of our own that was not written to a file. @throws HeadraceError CONFIG_INVALID */
export async function configOf(text: string): Promise<ConnectorConfig> {
  const { config } = parseConfigText(text, { source: 'feed.yaml', folder: process.cwd() });
  return (await feedOf(config, await offlineWorker(null, {}))).config;
}

/**
 * Rows as a parser makes them, before anything is known of their columns.
 *
 * @throws HeadraceError when the file is given up
 */
export async function* draftRows(
  draft: DraftParser,
  chunks: AsyncIterable<SourceChunk> | Iterable<SourceChunk>,
): AsyncGenerator<DraftRows, void, undefined> {
  for await (const batch of await batchesOf(await configOf(draftFeed(draft)), chunks)) {
    if (batch instanceof Error) throw batch;
    const { columns, rejections } = batch;
    const rows = Array.from({ length: batch.rowCount }, (_, index) => {
      const rejection = rejections.get(index) ?? null;
      const { row, line } = batch.origin(index);
      const cells = rejection === null ? columns.map((_, column) => batch.cell(index, column)) : null;
      return { cells, row, line, raw: Buffer.from(batch.rawRow(index)), rejection };
    });
    batch.release();
    yield { columns, rows };
  }
}

function draftFeed({ parser, options }: DraftParser): string {
  const lines = Object.entries(options).map(([key, value]) => [`transforms.parse.${key}`, value]);
  const feed = {
    name: 'guess',
    'connector.class': 'local',
    'input.path': './guess',
    transforms: 'parse,route',
    'transforms.parse.type': parser,
    ...Object.fromEntries(lines),
    'transforms.route.type': 'route',
    'transforms.route.topic': 'guess',
  };
  return JSON.stringify(feed);
}
