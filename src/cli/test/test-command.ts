import { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER_OF_FEEDS } from '../options.ts';
import { runAtChanges, WATCH } from '../watch/at-changes.ts';
import { testFeeds } from './test-feeds.ts';

interface Options {
  readonly worker?: string;
  readonly watch?: true;
  readonly json?: true;
  readonly color: boolean;
}

export function testCommand(): Command {
  return new Command('test')
    .description('run the table tests of feeds: rows in, records and dead letters out, without Kafka')
    .argument('<file...>', 'files of cases, YAML')
    .option(...WORKER_OF_FEEDS)
    .option(...WATCH)
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (files: string[], { worker, watch, json, color }: Options) => {
      if (watch) await runAtChanges({ files, worker: worker ?? null, clears: json !== true });
      process.exitCode = await testFeeds(files, {
        worker: worker ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
