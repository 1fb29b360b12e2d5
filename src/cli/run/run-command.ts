import { Command } from 'commander';
import { WORKER } from '../options.ts';
import { run } from './run.ts';

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
    .option(...WORKER)
    .action(async (feeds: string[], options: { worker?: string; feeds?: string; watch?: true }) => {
      // Requests that nobody waits for any more would keep the process for request.timeout.ms.
      process.exit(
        await run(feeds, {
          worker: options.worker ?? null,
          feeds: options.feeds ?? null,
          watchesPlugins: options.watch === true,
        }),
      );
    });
}
