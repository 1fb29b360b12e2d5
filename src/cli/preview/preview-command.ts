import { Command, Option } from 'commander';
import type { SchemaFormat } from '../../preview/written-schema.ts';
import { terminalOf } from '../../terminal/terminal.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER_OF_FEEDS, wholeNumber } from '../options.ts';
import { runAtChanges, WATCH } from '../watch/at-changes.ts';
import { preview } from './preview.ts';

interface Options {
  readonly rows: number;
  readonly worker?: string;
  readonly save?: string;
  readonly schema?: SchemaFormat;
  readonly watch?: true;
  readonly json?: true;
  readonly color: boolean;
}

export function previewCommand(): Command {
  return new Command('preview')
    .description(
      'show what a feed makes of the first rows of a file, stage by stage, without Kafka; without a feed, guess one',
    )
    .argument('<feed-or-file>', 'feed file, or a file of rows to guess a feed for')
    .argument('[file]', 'file of rows; without it, the first one that the feed would load')
    .option('--rows <n>', 'how many rows', wholeNumber, 10)
    .option(...WORKER_OF_FEEDS)
    .addOption(
      new Option('--schema <format>', 'print the schema of the records instead of rows')
        .choices(['avro', 'json'])
        .conflicts(['json', 'watch']),
    )
    .option('--save <file>', 'write the feed that was guessed, or the schema, to this new file')
    .addOption(new Option(...WATCH).conflicts('save'))
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (first: string, second: string | undefined, options: Options) => {
      const { rows, worker, save, schema, watch, json, color } = options;
      if (watch) {
        const files = second === undefined ? [first] : [first, second];
        await runAtChanges({ files, worker: worker ?? null, clears: json !== true });
      }
      process.exitCode = await preview(first, second ?? null, {
        rows,
        worker: worker ?? null,
        save: save ?? null,
        schema: schema ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
