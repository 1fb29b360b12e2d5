import { Command } from 'commander';
import { JSON_OUTPUT, NO_COLOR } from '../options.ts';
import { showStatus } from './show-status.ts';

interface Flags {
  readonly url: string;
  readonly json?: true;
}

export function statusCommand(): Command {
  return new Command('status')
    .description('states of connectors and tasks of a running worker, and the reasons of those in trouble')
    .argument('[connector]', 'name of a connector; without it, all')
    .option('--url <url>', "one of the worker's listeners", 'http://127.0.0.1:8083')
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (connector: string | undefined, { url, json }: Flags) => {
      process.exitCode = await showStatus({ url, connector: connector ?? null, json: json === true });
    });
}
