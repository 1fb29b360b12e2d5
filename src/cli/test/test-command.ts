import { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER_OF_FEEDS } from '../options.ts';
import { testFeeds } from './test-feeds.ts';

interface Options {
  readonly worker?: string;
  readonly json?: true;
  readonly color: boolean;
}

export function testCommand(): Command {
  return new Command('test')
    .description('run the table tests of feeds: rows in, records and dead letters out, without Kafka')
    .argument('<file...>', 'files of cases, YAML')
    .option(...WORKER_OF_FEEDS)
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (files: string[], { worker, json, color }: Options) => {
      process.exitCode = await testFeeds(files, {
        worker: worker ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
