import type { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { type WorkerFlags, workerCommand, workerOf } from '../remote/worker-command.ts';
import { showOnce, showTop } from './show-top.ts';

export function topCommand(): Command {
  return workerCommand('top', 'the feeds of a running worker at a glance, each second, until q')
    .option('--once', 'what it is now, and end; so it is as well where the output is no terminal')
    .action(async (flags: WorkerFlags & { readonly once?: true; readonly color: boolean }) => {
      const worker = await workerOf(flags);
      const isWatched = process.stdout.isTTY === true && flags.json !== true && flags.once !== true;
      if (isWatched) await showTop(worker, () => terminalOf(flags.color));
      else await showOnce(worker, flags.json === true);
    });
}
