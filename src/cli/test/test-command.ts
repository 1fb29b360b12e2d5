import { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
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
    .option('--worker <file>', 'worker configuration that the feeds are to run with')
    .option('--json', 'print one JSON object')
    .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
    .action(async (files: string[], { worker, json, color }: Options) => {
      process.exitCode = await testFeeds(files, {
        worker: worker ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
