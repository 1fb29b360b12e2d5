import { Command } from 'commander';
import { WORKER } from '../options.ts';
import { run } from './run.ts';

interface Flags {
  readonly worker?: string;
  readonly feeds?: string;
  readonly watch?: true;
  readonly pretty?: true;
}

export function runCommand(): Command {
  return new Command('run')
    .description(
      'run feeds until told to stop: SIGTERM, SIGHUP or Ctrl-C commits and closes, a second one ends at once',
    )
    .argument('[feed...]', 'feed files, YAML or JSON')
    .option('--feeds <folder>', 'run the feeds in this folder too, and follow what becomes of its files')
    .option(
      '--watch',
      'while developing: begin feeds again whenever a file in a folder of plugin.path changes',
    )
    .option('--pretty', 'a log for people to read, as with LOG_PRETTY=1')
    .option(...WORKER)
    .action(async (feeds: string[], options: Flags) => {
      // Requests that nobody waits for any more would keep the process for request.timeout.ms.
      process.exit(
        await run(feeds, {
          worker: options.worker ?? null,
          feeds: options.feeds ?? null,
          watchesPlugins: options.watch === true,
          isPretty: options.pretty === true || isOn(process.env.LOG_PRETTY),
        }),
      );
    });
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && !['', '0', 'false'].includes(text.toLowerCase());
}
