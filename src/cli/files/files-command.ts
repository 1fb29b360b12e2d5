import { Command, InvalidArgumentError, Option } from 'commander';
import type { ToldState } from '../../offsets/file-status.ts';
import { WORKER } from '../options.ts';
import { workerCommand } from '../remote/worker-command.ts';
import { forgetNamed, retryFiles } from './change-files.ts';
import { listFiles } from './list-files.ts';
import { showFile } from './show-file.ts';

const STATES: readonly ToldState[] = [
  ...(['DISCOVERED', 'SETTLING', 'READY', 'READING', 'DELIVERED'] as const),
  ...(['COMPLETED', 'SKIPPED', 'FAILED', 'QUARANTINED', 'IGNORED'] as const),
];
const CONNECTOR = ['<connector>', 'name of the connector'] as const;
const KAFKA = [WORKER[0], 'worker configuration: Kafka is asked instead of a running worker'] as const;

export function filesCommand(): Command {
  const list = action('list', 'each file that a connector has met: its state, its rows, its reason')
    .option(...KAFKA)
    .addOption(new Option('--state <state...>', 'only files in these states').choices(STATES))
    .option('--older <age>', 'only files that have not changed for so long: 30s, 10m, 2h, 7d', ageMs)
    .option('--newer <age>', 'only files that have changed within so long', ageMs)
    .action(listFiles);
  const show = action('show', 'everything about one file')
    .argument('<file>', 'its path, as `files list` gives it')
    .option(...KAFKA)
    .action(showFile);
  const retry = action('retry', 'try again what was given up, without starting the worker again')
    .argument('[file...]', 'paths, as `files list` gives them; all that is FAILED by default')
    .action(retryFiles);
  const forget = action('forget', 'forget files: those that are there are loaded from their first row')
    .argument('<file...>', 'paths, as `files list` gives them')
    .option(...KAFKA)
    .option('--force', 'go on although a task seems to be at work; it is shut out')
    .action(forgetNamed);
  const files = new Command('files')
    .description('the files of a connector: look, try again, forget')
    .exitOverride();
  return files.addCommand(list, { isDefault: true }).addCommand(show).addCommand(retry).addCommand(forget);
}

function action(name: string, description: string): Command {
  return workerCommand(name, description)
    .argument(...CONNECTOR)
    .showHelpAfterError(`(headrace files ${name} --help tells more)`)
    .exitOverride();
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. */
function ageMs(text: string): number {
  const [, figure, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (figure === undefined) throw new InvalidArgumentError('expected an age such as 30s, 10m, 2h or 7d');
  return Number(figure) * (UNIT_MS[unit] as number);
}
