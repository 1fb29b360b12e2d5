import type { Readable } from 'node:stream';
import type { ConnectorConfig } from '../config/connector-config.ts';
import { parseErrorLimit } from '../config/define/error-limit.ts';
import { HeadraceError } from '../errors.ts';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { LoadProgress } from './load-progress.ts';

/** What to load, where to, and how. Relative paths are relative to the process's folder. */
export interface LoadOptions {
  /** Files, URLs of files (`s3://`, `gs://`, `az://`, `sftp://`), globs of both, or `-` for standard input; gzip, zstd, bzip2, xz and zip of one file are decompressed. */
  readonly files?: readonly string[];
  /** Instead of `files`: a folder or its URL, in which each feed's `input.file.pattern` picks its files. */
  readonly dataDir?: string;
  /** The feed file that says how rows become records; several with `dataDir`. */
  readonly feed?: string | readonly string[];
  /** Instead of a feed: the topic, or a template such as `trades.{symbol}`. Rows go there as JSON. */
  readonly topic?: string;
  /** With `topic`: an Avro schema file (.avsc) that gives the columns their types. */
  readonly schema?: string;
  /** With `topic`: the column that becomes the record's key. */
  readonly key?: string;
  /** With `topic`: what stands between two cells; guessed from the first rows of the files when it is not given, and so are JSON lines. */
  readonly delimiter?: string;
  /** At most so many data rows, counted from the beginning of the files in their order. The rest can be loaded later. */
  readonly limit?: number;
  /** Takes the files through the feed, whole, and sends nothing: Kafka is not asked. */
  readonly dryRun?: boolean;
  /** `none`, `gzip`, `snappy`, `lz4` or `zstd`: how what is sent is compressed. */
  readonly compression?: string;
  /** `host:port`, comma-separated; wins over `worker` and HEADRACE_BOOTSTRAP_SERVERS. */
  readonly bootstrapServers?: string;
  /** URL of a schema registry; with `topic` and `schema`, values are then Avro. */
  readonly registry?: string;
  /** A worker's configuration file; without it, HEADRACE_* environment variables. */
  readonly worker?: string;
  /** CSV file for rejected rows; default `./<job>.rejected.csv`, unless the feed has a dead-letter topic. */
  readonly deadLetterFile?: string;
  /** Stop when more rows are rejected than this number, or this share such as `1%`. */
  readonly maxErrors?: number | string;
  /** The name under which progress is kept; default `<feed or topic>-load`. */
  readonly job?: string;
  /** Forget what the job has delivered of these files, and load them from their beginning. */
  readonly restart?: boolean;
  /** What `-` reads; default the process's standard input. */
  readonly standardInput?: Readable;
  /** Aborts the load: what is under way is committed, and the result's state is STOPPED. */
  readonly signal?: AbortSignal;
  /** Called with every commit and change of state. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called before a job begins, with its feed as it is. */
  readonly onJob?: (feed: ConnectorConfig) => void;
  /** Everything that the runtime tells, for a log. */
  readonly onEvent?: (event: RuntimeEvent) => void;
  readonly patience?: Partial<Patience>;
}

/** A load to a topic, with what was seen of its files. */
export interface TopicOptions extends LoadOptions {
  /** Of JSON lines: the columns that were seen; empty where each file tells its own. */
  readonly jsonColumns?: readonly string[];
}

/** How long a server may be away, in milliseconds. */
export interface Patience {
  /** For Kafka to answer at all, at the start. Default 30,000. */
  readonly startMs: number;
  /** For the next commit after a failure, under way. Default 120,000. */
  readonly outageMs: number;
}

export const PATIENCE: Patience = { startMs: 30_000, outageMs: 120_000 };

export function feedsOf({ feed }: LoadOptions): readonly string[] {
  if (feed === undefined) return [];
  return typeof feed === 'string' ? [feed] : feed;
}

/** @throws HeadraceError CONFIG_INVALID with the first mistake in how options go together. */
export function checkOptions(options: LoadOptions): void {
  const mistake = mistakeIn(options);
  if (mistake !== null) throw new HeadraceError('CONFIG_INVALID', mistake);
}

function mistakeIn(options: LoadOptions): string | null {
  const { topic, schema, key, registry, delimiter } = options;
  const feeds = feedsOf(options);
  if (feeds.length > 0 && topic !== undefined) {
    return 'both a feed (--feed) and a topic (--topic) are given; a feed says itself where rows go: give one of the two';
  }
  if (feeds.length === 0 && topic === undefined) {
    return 'where to? Give a feed (--feed FEED) or a topic (--topic T)';
  }
  if (topic === '') return 'the topic (--topic) is empty; expected its name';
  if (topic === undefined && schema !== undefined) return needsTopic('a schema (--schema)');
  if (topic === undefined && key !== undefined) return needsTopic('a key (--key)');
  if (topic === undefined && delimiter !== undefined) return needsTopic('a delimiter (--delimiter)');
  if (delimiter === '') return 'the delimiter (--delimiter) is empty; expected a character, such as ; or \\t';
  if (registry !== undefined && topic !== undefined && schema === undefined) {
    return 'a registry (--registry) is given without a schema (--schema FILE.avsc), and rows of strings go as JSON: give both or neither';
  }
  return mistakeInFiles(options) ?? mistakeInLimit(options);
}

function needsTopic(what: string): string {
  return `${what} is given with a feed; it is for loads to a topic (--topic), a feed says it itself`;
}

function mistakeInFiles(options: LoadOptions): string | null {
  const { files = [], dataDir } = options;
  const feeds = feedsOf(options);
  if (dataDir === undefined) {
    if (files.length === 0) return 'no file is given; expected files, globs, or - for standard input';
    if (feeds.length > 1)
      return 'several feeds are given without --data-dir DIR; expected one feed for the files';
    return files.filter((file) => file === '-').length > 1 ? 'standard input (-) is given twice' : null;
  }
  if (feeds.length === 0) return '--data-dir needs --feed: each feed picks its files by input.file.pattern';
  return files.length === 0 ? null : 'both files and --data-dir are given; give one of the two';
}

function mistakeInLimit({ maxErrors, limit, dryRun, restart }: LoadOptions): string | null {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    return '--limit: expected a number of rows, 1 at least';
  }
  if (dryRun === true && restart === true)
    return '--dry-run changes nothing, and --restart forgets what is loaded; give one of the two';
  if (maxErrors === undefined || parseErrorLimit(String(maxErrors)) !== null) return null;
  return `--max-errors: expected a number of rows or a share such as 1%, got ${JSON.stringify(maxErrors)}`;
}
