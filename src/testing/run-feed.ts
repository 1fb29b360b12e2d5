import { basename } from 'node:path';
import { sourceFile } from '../dry-run/data-file.ts';
import { offlineWorker } from '../dry-run/offline-worker.ts';
import type { RowOutcome } from '../dry-run/row-trace.ts';
import type { ShownRecord } from '../dry-run/shown-record.ts';
import { traceRows } from '../dry-run/trace-rows.ts';
import type { RecordHeader } from '../plugin/index.ts';
import { readFeeds } from '../runtime/worker/feed-files.ts';

/** A record as it would be sent. */
export interface FeedRecord {
  readonly topic: string;
  /** null where it depends on how many the topic has. */
  readonly partition: number | null;
  readonly key: unknown;
  readonly value: unknown;
  readonly headers: readonly RecordHeader[];
  /** null takes the time of writing. */
  readonly timestamp: number | null;
  /** Of key and value by the feed's converters; null of nothing, and where a schema registry decides. */
  readonly keyBytes: Uint8Array | null;
  readonly valueBytes: Uint8Array | null;
}

/** What would become of a row of a file. */
export type FeedRow = {
  /** 1 is the first, in rows of data and in lines. */
  readonly row: number;
  readonly line: number;
} & (
  | { readonly outcome: 'sent'; readonly records: readonly FeedRecord[] }
  | { readonly outcome: 'filtered'; readonly stage: string }
  | {
      readonly outcome: 'rejected';
      readonly stage: string;
      readonly errorName: string;
      readonly message: string;
    }
);

/**
 * Takes a file through a feed, from its parser to its converters, without Kafka and without a schema registry. Rows are of
 * no day: their times are not held against the clock.
 *
 * @param feed the path of the feed's file
 * @param content bytes of the file of rows, or the text whose UTF-8 they are
 * @throws HeadraceError CONFIG_INVALID with every mistake in the feed; what would give up the file, or end the task
 */
export async function runFeed(
  feed: string,
  content: string | Uint8Array,
  {
    path = 'rows.csv',
    worker = null,
  }: {
    /** What the file is called, below the folder that the feed watches. */
    readonly path?: string;
    /** The path of the worker's file, which says where plugins are. */
    readonly worker?: string | null;
  } = {},
): Promise<readonly FeedRow[]> {
  const [read] = await readFeeds([feed], await offlineWorker(worker, {}));
  if (read === undefined) throw new Error(`${basename(feed)}: expected a feed`);
  const bytes = Buffer.from(content);
  const chunk = { file: sourceFile(path, bytes.length), bytes, eof: true };
  const rows: FeedRow[] = [];
  for await (const { origin, outcome } of traceRows(read.config, [chunk], { isTimeless: true }))
    rows.push({ row: origin.row, line: origin.line, ...outcomeFrom(outcome) });
  return rows;
}

function outcomeFrom(outcome: RowOutcome) {
  if (outcome.kind === 'sent') return { outcome: 'sent', records: outcome.records.map(recordFrom) } as const;
  const stage = outcome.stage.label;
  if (outcome.kind === 'filtered') return { outcome: 'filtered', stage } as const;
  const { errorName, message } = outcome.rejection;
  return { outcome: 'rejected', stage, errorName, message } as const;
}

function recordFrom({ topic, partition, key, value, headers, snapshot }: ShownRecord): FeedRecord {
  return {
    ...{ topic, partition, headers, timestamp: snapshot.timestamp },
    ...{ key: snapshot.key, value: snapshot.value },
    ...{ keyBytes: key.bytes, valueBytes: value.bytes },
  };
}
