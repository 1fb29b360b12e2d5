import { Command } from 'commander';
import type { LoadOptions } from '../../load/load-options.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER } from '../options.ts';
import { type LoadTerms, runLoad } from './run-load.ts';

interface Flags {
  readonly feed?: readonly string[];
  readonly topic?: string;
  readonly schema?: string;
  readonly key?: string;
  readonly delimiter?: string;
  readonly limit?: string;
  readonly dryRun?: true;
  readonly compression?: string;
  readonly bootstrapServer?: string;
  readonly registry?: string;
  readonly worker?: string;
  readonly dlq?: string;
  readonly maxErrors?: string;
  readonly job?: string;
  readonly restart?: true;
  readonly dataDir?: string;
  readonly json?: true;
  readonly metricsListener?: string;
  readonly progress: boolean;
  readonly color: boolean;
}

export function loadCommand(): Command {
  return new Command('load')
    .description(
      'load files and end; the same command goes on where an earlier one was interrupted, and loads no row twice',
    )
    .argument('[file...]', 'files, URLs (s3://, gs://, az://, sftp://), globs, or - for standard input')
    .option('--feed <feed>', 'feed file that says how rows become records (several with --data-dir)', collect)
    .option('--topic <topic>', 'instead of a feed: the topic, to which rows go as JSON')
    .option('--schema <file>', 'with --topic: Avro schema (.avsc) that gives the columns their types')
    .option('--key <column>', "with --topic: the column that becomes the record's key")
    .option('--delimiter <text>', 'with --topic: what stands between cells; guessed when it is not given')
    .option('--data-dir <dir>', "instead of files: a folder, from which each feed's input.file.pattern picks")
    .option('--bootstrap-server <host:port>', 'Kafka brokers, comma-separated')
    .option('--registry <url>', 'schema registry; with --topic and --schema, values are then Avro')
    .option(...WORKER)
    .option(
      '--dlq <file>',
      'CSV file for rejected rows (default: ./<job>.rejected.csv, or the topic of the feed)',
    )
    .option('--max-errors <limit>', 'stop when more rows are rejected than this number, or share such as 1%')
    .option('--limit <n>', 'load so many rows at most, from the beginning of the files')
    .option('--dry-run', 'take all rows through the feed and send nothing; Kafka is not asked')
    .option('--compression <type>', 'compress what is sent: none, gzip, snappy, lz4 or zstd')
    .option('--job <name>', 'name under which progress is kept (default: <feed or topic>-load)')
    .option('--restart', 'forget what is loaded of these files, and load them from their beginning')
    .option('--metrics-listener <host:port>', 'tell metrics there, at /metrics, while it loads')
    .option(...JSON_OUTPUT)
    .option('--no-progress', 'draw no progress, even on a terminal')
    .option(...NO_COLOR)
    .action(async (files: string[], flags: Flags) => {
      const code = await runLoad(optionsOf(files, flags), termsOf(flags));
      process.exitCode = code;
      // Requests that nobody waits for any more would keep the process for request.timeout.ms.
      if (code === EXIT.outage || code === EXIT.interrupted) process.stdout.write('', () => process.exit());
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function optionsOf(files: readonly string[], flags: Flags): LoadOptions {
  const { bootstrapServer, dlq, limit, ...more } = flags;
  const { json: _, progress: __, color: ___, metricsListener: ____, ...same } = more;
  return {
    files,
    ...same,
    ...(bootstrapServer !== undefined && { bootstrapServers: bootstrapServer }),
    ...(dlq !== undefined && { deadLetterFile: dlq }),
    ...(limit !== undefined && { limit: /^\d+$/.test(limit) ? Number(limit) : Number.NaN }),
  };
}

function termsOf({ json, progress, color, metricsListener }: Flags): LoadTerms {
  return { json: json === true, progress, color, metricsListener: metricsListener ?? null };
}
